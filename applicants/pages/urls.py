"""Signing in and the household."""

from django.urls import path

from applicants.pages import household, sign_in

urlpatterns = [
    path("sign-in/", sign_in.contact, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-in/resend/", sign_in.resend, name="sign-in-resend"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("household/", household.household, name="household"),
    path("household/add/", household.add, name="household-add"),
    path("household/<int:pk>/", household.change, name="household-change"),
    path("household/<int:pk>/remove/", household.remove, name="household-remove"),
]
