"""Organisations that ask to be admitted at this office (HB-26)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from applicants.domain.groups import GroupRefused, decide_admission
from applicants.enums import GroupState
from applicants.models import Group
from bookings.forms.group import AdmissionForm
from bookings.forms.typed import whole_number
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action

PAST_SHOWN = 50


@desk_page(Action.ADMIT_GROUPS)
def groups(request: HttpRequest, desk: Desk) -> HttpResponse:
    """`group` of the POST says which, `decision` whether it is admitted."""
    found = Group.objects.filter(office_code=desk.office.code)
    form = AdmissionForm(request.POST or None)
    chosen = None
    if request.method == "POST":
        chosen = get_object_or_404(found, pk=whole_number(request.POST.get("group", "")))
        if form.is_valid():
            _decide(request, desk, chosen, form.cleaned_data["reason"])
            return HttpResponseRedirect(desk.url("desk-groups"))
    context = {
        "desk": desk,
        "asked": found.filter(state=GroupState.ASKED).order_by("asked_at"),
        "past": found.exclude(state=GroupState.ASKED).select_related("decided_by")[:PAST_SHOWN],
        "form": form,
        "blank": AdmissionForm(),
        "chosen": chosen,
        "here": "groups",
    }
    return render(request, "desk/groups.html", context)


def _decide(request: HttpRequest, desk: Desk, group: Group, reason: str) -> None:
    admit = request.POST.get("decision") == "admit"
    try:
        decide_admission(group.pk, admit=admit, reason=reason, by=desk.account, now=desk.now)
    except GroupRefused as refused:
        messages.warning(request, str(refused))
        return
    text = _("%(name)s may book now.") if admit else _("%(name)s was refused.")
    messages.success(request, text % {"name": group.name})
