"""The API: the apps' routers below /api/v1/, its description and its documentation."""

from django.urls import URLPattern, URLResolver, include, path

from config import api_docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("offices.api.urls")),
    path("", include("bookings.api.urls")),
    path("", include("visits.api.urls")),
    path("schema/", api_docs.schema, name="api-schema"),
    path("docs/", api_docs.page, name="api-docs"),
]
