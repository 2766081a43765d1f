"""Offices and services, open to everybody."""

from django.urls import path

from offices.pages import display, offices, services, sites, wizard

urlpatterns = [
    path("start/", wizard.start, name="wizard"),
    path("self-service/", sites.sites, name="self-service"),
    path("offices/", offices.offices, name="offices"),
    path("offices/<slug:code>/", offices.office, name="office"),
    path("offices/<slug:code>/display/", display.display, name="office-display"),
    path("services/", services.services, name="services"),
    path("services/<slug:code>/", services.service, name="service"),
]
