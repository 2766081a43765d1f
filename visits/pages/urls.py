"""The hall's pages, beside the desk's under /desk/."""

from django.urls import path

from visits.pages import check_in, urgent

urlpatterns = [
    path("<slug:code>/check-in/", check_in.arrivals, name="desk-check-in"),
    path("<slug:code>/urgent-number/", urgent.arrivals, name="desk-urgent-arrival"),
]
