"""The self-service machines of an office: which work, and which don't (JJ-02)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.devices import mark
from offices.domain.permissions import Action
from offices.domain.self_service import devices_at
from offices.enums import Matters
from offices.models import OrganisationChange

LOG_SHOWN = 20


@desk_page(Action.KEEP_DEVICES)
def devices(request: HttpRequest, desk: Desk) -> HttpResponse:
    found = devices_at(desk.office)
    form = mark(request, found, desk.account, desk.now)
    if form is None:
        return HttpResponseRedirect(desk.url("desk-devices"))
    log = OrganisationChange.objects.filter(kind=Matters.DEVICE, office=desk.office)
    context = {
        "desk": desk,
        "devices": found,
        "form": form,
        "log": log.select_related("account")[:LOG_SHOWN],
        "here": "devices",
    }
    return render(request, "desk/devices.html", context)
