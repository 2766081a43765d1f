"""One window: its pools, moving places between them, closing it, and who is booked."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.errors import ChangedMeanwhile
from bookings.domain.in_the_way import bookings_of_slots, tell
from bookings.domain.quotas import QuotasRefused, move_places
from bookings.forms.desk import CloseForm, MoveForm, ReasonForm
from bookings.forms.typed import whole_number
from bookings.models import QuotaChange, Slot
from bookings.pages.desk.day import changed_by
from bookings.pages.desk.gate import Desk, desk_page
from bookings.pages.desk.grid import Row, rows_of
from bookings.wording import say_window
from offices.domain.permissions import Action

HISTORY = 20
Forms = dict[str, MoveForm | CloseForm | ReasonForm]


@desk_page(Action.SEE_DESK)
def slot(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    found = Slot.objects.filter(office=desk.office, pk=pk)
    shown = found.select_related("office", "line", "session").first()
    if shown is None:
        raise Http404
    [row] = rows_of([shown], desk.now)
    forms: Forms = {}
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        if act(request, desk, row, forms):
            return HttpResponseRedirect(desk.url("desk-slot", pk))
    return render(request, "desk/slot.html", _context(desk, row, forms))


def _context(desk: Desk, row: Row, forms: Forms) -> dict[str, object]:
    slot = row.slot
    history = QuotaChange.objects.filter(quota__slot=slot)
    return {
        "desk": desk,
        "row": row,
        "slot": slot,
        "over": slot.ends_at <= desk.now,
        "window": say_window(slot.starts_at, slot.ends_at, desk.office.zone),
        "move": forms.get("move") or MoveForm(initial={"source": "assisted", "target": "online"}),
        "close": forms.get("close") or CloseForm(initial={"notice": default_notice()}),
        "reopen": forms.get("reopen") or ReasonForm(prefix="reopen"),
        "form": next(iter(forms.values()), None),
        "bookings": bookings_of_slots([slot.pk], desk.now),
        "history": history.select_related("quota", "account", "partner")[:HISTORY],
    }


def _move(request: HttpRequest, desk: Desk, row: Row, forms: Forms) -> bool:
    _require(desk, Action.CHANGE_QUOTAS)
    form = forms["move"] = MoveForm(request.POST)
    if not form.is_valid():
        return False
    pools = {cell.quota.pool: cell.quota.pk for cell in row.cells}
    data = form.cleaned_data
    try:
        move_places(
            pools[data["source"]],
            pools[data["target"]],
            data["places"],
            seen_versions(request),
            reason=data["reason"],
            actor=desk.actor,
            now=desk.now,
        )
    except QuotasRefused as refused:
        for refusal in refused.refusals:
            changed = isinstance(refusal, ChangedMeanwhile)
            why = changed_by(refusal.quota_id, desk) if changed else refusal.message
            form.add_error(None if changed else "places", why)
        return False
    messages.success(request, _("The places were moved."))
    return True


def _close(request: HttpRequest, desk: Desk, row: Row, forms: Forms) -> bool:
    _require(desk, Action.CLOSE_WINDOWS)
    form = forms["close"] = CloseForm(request.POST)
    if not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    kept = close_slots([row.slot.pk], reason=reason, actor=desk.actor, now=desk.now)
    numbers = [booking.number for booking in kept]
    messages.success(request, closed_message(desk, form, numbers))
    return True


def _reopen(request: HttpRequest, desk: Desk, row: Row, forms: Forms) -> bool:
    _require(desk, Action.CLOSE_WINDOWS)
    form = forms["reopen"] = ReasonForm(request.POST, prefix="reopen")
    if not form.is_valid():
        return False
    reason = form.cleaned_data["reason"]
    reopen_slots([row.slot.pk], reason=reason, actor=desk.actor, now=desk.now)
    messages.success(request, _("The window is open again."))
    return True


_ACTS: dict[str, Callable[[HttpRequest, Desk, Row, Forms], bool]] = {
    "move": _move,
    "close": _close,
    "reopen": _reopen,
}


def closed_message(desk: Desk, form: CloseForm, numbers: list[str]) -> str:
    """Write to the people where the form says so, and say what became of all of them."""
    if not numbers:
        return _("Closed. Nobody was booked.")
    kept = ngettext(
        "Closed. %(count)s booking stays valid.",
        "Closed. %(count)s bookings stay valid.",
        len(numbers),
    ) % {"count": len(numbers)}
    if form.cleaned_data["people"] != CloseForm.TELL:
        return kept
    told = tell(numbers, desk.office.pk, form.cleaned_data["notice"], desk.now)
    written = ngettext(
        "A message to %(count)s of them is on its way.",
        "Messages to %(count)s of them are on their way.",
        told,
    ) % {"count": told}
    return f"{kept} {written}"


def default_notice() -> str:
    return _(
        "This time takes no new bookings. Your appointment stays valid; you may also move it "
        "to another time."
    )


def seen_versions(request: HttpRequest) -> dict[int, int]:
    """Quota ids to the versions that the page showed, from its `version_<id>` fields."""
    shown = {
        name.removeprefix("version_"): request.POST[name]
        for name in request.POST
        if name.startswith("version_")
    }
    numbers = ((whole_number(name), whole_number(value)) for name, value in shown.items())
    return {
        quota_id: version
        for quota_id, version in numbers
        if quota_id is not None and version is not None
    }


def _require(desk: Desk, action: Action) -> None:
    if action not in desk.actions:
        raise PermissionDenied
