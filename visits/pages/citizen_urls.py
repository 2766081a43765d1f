"""The hall as citizens see it."""

from django.urls import path

from visits.pages import visit

urlpatterns = [
    path("bookings/<slug:number>/visit/", visit.visit, name="booking-visit"),
]
