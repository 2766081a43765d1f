"""Machines for self-service, marked broken or in order again: at a bureau's site, at a desk."""

import datetime as dt
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from applicants.models import Account
from bookings.forms.sites import DeviceStateForm
from offices.domain.self_service import set_device_state
from offices.models import Device


def mark(
    request: HttpRequest, devices: Sequence[Device], account: Account, now: dt.datetime
) -> DeviceStateForm | None:
    """Do what was posted about one of these; the form where it was refused or nothing was posted.

    Raises Http404 for a machine that isn't among them.
    """
    if request.method != "POST":
        return DeviceStateForm()
    form = DeviceStateForm(request.POST)
    if not form.is_valid():
        return form
    device = next((each for each in devices if each.pk == form.device_id()), None)
    if device is None:
        raise Http404
    reason = form.cleaned_data["reason"]
    set_device_state(device, form.state(), reason=reason, account=account, now=now)
    text = _("%(machine)s: %(state)s.")
    label = f"{device.get_kind_display()} {device.label}"
    messages.success(request, text % {"machine": label, "state": form.state().label})
    return None
