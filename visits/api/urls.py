"""Below /api/v1/."""

from django.urls import path

from visits.api.check_in import CheckInBooking

urlpatterns = [
    path("bookings/<slug:number>/check-in/", CheckInBooking.as_view(), name="api-check-in"),
]
