"""The pages of a bureau, under /bureau/."""

from django.urls import path

from bookings.pages.bureau import (
    access,
    calendar,
    city,
    forecast,
    halls,
    notices,
    overview,
    plans,
    policy,
    seasons,
    services,
    sites,
)

urlpatterns = [
    path("<slug:code>/", overview.overview, name="bureau"),
    path("<slug:code>/city/", city.overall, name="bureau-city"),
    path("<slug:code>/forecast/", forecast.forecast, name="bureau-forecast"),
    path("<slug:code>/policy/", policy.policy, name="bureau-policy"),
    path("<slug:code>/access/<int:pk>/withdraw/", access.withdraw, name="bureau-access-withdraw"),
    path("<slug:code>/access/", access.access, name="bureau-access"),
    path("<slug:code>/services/", services.services, name="bureau-services"),
    path("<slug:code>/halls/add/", halls.add_hall, name="bureau-hall-add"),
    path("<slug:code>/halls/<slug:office>/", halls.change_hall, name="bureau-hall"),
    path("<slug:code>/calendar/", calendar.calendar, name="bureau-calendar"),
    path("<slug:code>/seasons/", seasons.seasons, name="bureau-seasons"),
    path("<slug:code>/seasons/<int:pk>/remove/", seasons.remove, name="bureau-season-remove"),
    path("<slug:code>/notices/", notices.notices, name="bureau-notices"),
    path("<slug:code>/notices/<int:pk>/remove/", notices.remove, name="bureau-notice-remove"),
    path("<slug:code>/notices/<int:pk>/poster/", notices.poster, name="bureau-notice-poster"),
    path("<slug:code>/plans/", plans.plans, name="bureau-plans"),
    path("<slug:code>/plans/<int:pk>/", plans.plan, name="bureau-plan"),
    path("<slug:code>/plans/<int:pk>/remove/", plans.remove, name="bureau-plan-remove"),
    path("<slug:code>/plans/<int:pk>/apply/", plans.apply, name="bureau-plan-apply"),
    path("<slug:code>/plans/<int:pk>/end/", plans.end, name="bureau-plan-end"),
    path("<slug:code>/sites/", sites.sites, name="bureau-sites"),
    path("<slug:code>/sites/<int:pk>/", sites.site, name="bureau-site"),
    path("<slug:code>/districts/add/", halls.add_district, name="bureau-district-add"),
]
