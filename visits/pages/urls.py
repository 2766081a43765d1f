"""The hall's pages, beside the desk's under /desk/."""

from django.urls import path

from visits.pages import check_in

urlpatterns = [
    path("<slug:code>/check-in/", check_in.arrivals, name="desk-check-in"),
]
