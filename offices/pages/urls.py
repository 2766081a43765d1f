"""Offices and services, open to everybody."""

from django.urls import path

from offices.pages import offices, services, sites, wizard

urlpatterns = [
    path("start/", wizard.start, name="wizard"),
    path("self-service/", sites.sites, name="self-service"),
    path("offices/", offices.offices, name="offices"),
    path("offices/<slug:code>/", offices.office, name="office"),
    path("services/", services.services, name="services"),
    path("services/<slug:code>/", services.service, name="service"),
]
