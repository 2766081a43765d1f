"""The pages of a bureau, under /bureau/."""

from django.urls import path

from bookings.pages.bureau import halls, notices, overview, policy

urlpatterns = [
    path("<slug:code>/", overview.overview, name="bureau"),
    path("<slug:code>/policy/", policy.policy, name="bureau-policy"),
    path("<slug:code>/halls/add/", halls.add_hall, name="bureau-hall-add"),
    path("<slug:code>/halls/<slug:office>/", halls.change_hall, name="bureau-hall"),
    path("<slug:code>/notices/", notices.notices, name="bureau-notices"),
    path("<slug:code>/notices/<int:pk>/remove/", notices.remove, name="bureau-notice-remove"),
    path("<slug:code>/districts/add/", halls.add_district, name="bureau-district-add"),
]
