"""allauth's pages that staff need, under /accounts/. Its sign-up, e-mail and reset pages are left
out: accounts and lost authenticators are the security administrator's."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path
from django.views.decorators.cache import never_cache

from applicants.pages.staff import staff_only, two_factors_required

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", never_cache(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", staff_only(account.reauthenticate), name="account_reauthenticate"),
    path(
        "password/",
        two_factors_required(account.password_change),
        name="account_change_password",
    ),
    path("2fa/", staff_only(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", staff_only(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", staff_only(totp.activate_totp), name="mfa_activate_totp"),
    path(
        "2fa/totp/deactivate/",
        two_factors_required(totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "2fa/recovery-codes/",
        staff_only(recovery.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/generate/",
        two_factors_required(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        staff_only(recovery.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
