"""The API: the apps' routers below /api/v1/, its description and its documentation."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("offices.api.urls")),
    path("", include("bookings.api.urls")),
    path("", include("visits.api.urls")),
    path("schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
]
