"""Signing in and the household."""

from django.urls import path

from applicants.pages import account, consent, contact_points, household, platform, sign_in, wechat

urlpatterns = [
    path("sign-in/", sign_in.contact, name="sign-in"),
    path("sign-in/code/", sign_in.code, name="sign-in-code"),
    path("sign-in/resend/", sign_in.resend, name="sign-in-resend"),
    path("sign-in/platform/", platform.start, name="sign-in-platform"),
    path("sign-in/platform/back/", platform.back, name="sign-in-platform-back"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/messages/", contact_points.overview, name="account-messages"),
    path("account/messages/add/", contact_points.add, name="contact-add"),
    path("account/messages/code/", contact_points.code, name="contact-code"),
    path("account/messages/<int:pk>/up/", contact_points.move_up, name="contact-up"),
    path("account/messages/<int:pk>/remove/", contact_points.remove, name="contact-remove"),
    path("account/messages/wechat/", wechat.start, name="contact-wechat"),
    path("account/messages/wechat/back/", wechat.back, name="contact-wechat-back"),
    path("account/sessions/end/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("account/platform/", platform.link, name="platform-link"),
    path("account/platform/remove/", platform.unlink, name="platform-unlink"),
    path("privacy/consent/", consent.consent, name="privacy-consent"),
    path("household/", household.household, name="household"),
    path("household/add/", household.add, name="household-add"),
    path("household/<int:pk>/", household.change, name="household-change"),
    path("household/<int:pk>/remove/", household.remove, name="household-remove"),
]
