"""The hall's pages, beside the desk's under /desk/."""

from django.urls import path

from visits.pages import calling, check_in, report, scan, urgent

urlpatterns = [
    path("<slug:code>/check-in/", check_in.arrivals, name="desk-check-in"),
    path("<slug:code>/scan/", scan.scan, name="desk-scan"),
    path("<slug:code>/visits/", report.visits, name="desk-visits"),
    path("<slug:code>/calling/", calling.counters, name="desk-calling"),
    path("<slug:code>/calling/<int:pk>/", calling.counter, name="desk-counter"),
    path("<slug:code>/conditional/", calling.conditional, name="desk-conditional"),
    path("<slug:code>/urgent-number/", urgent.arrivals, name="desk-urgent-arrival"),
]
