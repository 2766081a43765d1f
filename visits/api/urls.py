"""Below /api/v1/."""

from django.urls import path

from visits.api.check_in import CheckInBooking
from visits.api.forms import Forms

urlpatterns = [
    path("bookings/<slug:number>/check-in/", CheckInBooking.as_view(), name="api-check-in"),
    path("forms/", Forms.as_view(), name="api-forms"),
]
