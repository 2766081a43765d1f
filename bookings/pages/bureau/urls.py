"""The pages of a bureau, under /bureau/."""

from django.urls import path

from bookings.pages.bureau import overview

urlpatterns = [
    path("<slug:code>/", overview.overview, name="bureau"),
]
