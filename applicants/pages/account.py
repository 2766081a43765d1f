"""One's own account: how it is reached, which language it speaks, where it is signed in."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applicants.contact import show_phone
from applicants.domain import external
from applicants.domain.account import choose_language, end_sessions
from applicants.enums import Medium
from applicants.forms import LanguageForm
from applicants.models import Account
from applicants.pages.access import citizen_of, citizen_required
from applicants.pages.posted import posted


@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def account(request: HttpRequest) -> HttpResponse:
    """A POST chooses the language of messages."""
    mine = citizen_of(request)
    form = LanguageForm(posted(request), initial={"language": mine.language})
    if request.method == "POST" and form.is_valid():
        choose_language(mine, form.cleaned_data["language"])
        messages.success(request, _("Your changes are saved."))
        return redirect("account")
    context = {
        "form": form,
        "rows": _contact_rows(mine),
        "platform": external.platform_name(),
        "is_linked": mine.external_identities.exists(),
        "may_unlink": external.may_unlink(mine),
    }
    return render(request, "applicants/account.html", context)


@require_POST
@citizen_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """All other browsers are signed out; this one goes on with a new session key."""
    mine = citizen_of(request)
    end_sessions(mine)
    update_session_auth_hash(request, mine)
    messages.success(request, _("All other browsers are signed out."))
    return redirect("account")


def _contact_rows(account: Account) -> list[dict[str, str]]:
    if not account.contact:
        return [{"label": _("You sign in with"), "value": external.platform_name() or "–"}]
    if account.medium == Medium.EMAIL:
        return [{"label": _("E-mail address"), "value": account.contact}]
    return [{"label": _("Mobile number"), "value": show_phone(account.contact)}]
