"""Routes: the citizen's pages at the root, the staff's desk, the API."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config import health, pages, switches

urlpatterns: list[URLPattern | URLResolver] = [
    # What is asked most often comes first: routes are tried in their order.
    path("api/v1/", include("config.api")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("privacy/children/", pages.privacy_children, name="privacy-children"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("elder-mode/", switches.elder_mode, name="elder-mode"),
    path("language/", switches.language, name="set_language"),
    path("", include("applicants.pages.urls")),
    path("accounts/", include("applicants.pages.staff_urls")),
    path("desk/", include("bookings.pages.desk.urls")),
    path("desk/", include("visits.pages.urls")),
    path("bureau/", include("bookings.pages.bureau.urls")),
    path("", include("offices.pages.urls")),
    path("", include("bookings.pages.urls")),
    path("", include("visits.pages.citizen_urls")),
    path("demo/", include("applicants.pages.demo_urls")),
    path("admin/", admin.site.urls),
]

handler400 = "config.pages.bad_request"
handler403 = "config.pages.permission_denied"
handler404 = "config.pages.not_found"
handler500 = "config.pages.server_error"
