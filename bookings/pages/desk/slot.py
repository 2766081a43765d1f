"""One window: its pools, moving places between them, closing it, and who is booked."""

from collections.abc import Callable, Iterable, Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.closing import close_slots, reopen_slots
from bookings.domain.errors import ChangedMeanwhile
from bookings.domain.following import session_that_replaces
from bookings.domain.in_the_way import BookingInTheWay, bookings_of_slots
from bookings.domain.quotas import QuotasRefused, move_places
from bookings.domain.settling import offer_choice
from bookings.enums import Status
from bookings.forms.desk import CloseForm, MoveForm, ReasonForm
from bookings.forms.typed import whole_number
from bookings.models import QuotaChange, Slot
from bookings.pages.desk.conflicts import default_offer
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
        if way_on := act(request, desk, row, forms):
            return HttpResponseRedirect(way_on)
    return render(request, "desk/slot.html", _context(desk, row, forms))


def _context(desk: Desk, row: Row, forms: Forms) -> dict[str, object]:
    slot = row.slot
    history = QuotaChange.objects.filter(quota__slot=slot)
    return {
        "desk": desk,
        "here": "day",
        "row": row,
        "slot": slot,
        "replacement": session_that_replaces(slot) if slot.withdrawn else None,
        "over": slot.ends_at <= desk.now,
        "window": say_window(slot.starts_at, slot.ends_at, desk.office.zone),
        "move": forms.get("move") or MoveForm(initial={"source": "assisted", "target": "online"}),
        "close": forms.get("close") or CloseForm(initial={"notice": default_offer()}),
        "reopen": forms.get("reopen") or ReasonForm(prefix="reopen"),
        "form": next(iter(forms.values()), None),
        "bookings": bookings_of_slots([slot.pk], desk.now),
        "history": history.select_related("quota", "account", "partner")[:HISTORY],
    }


def _move(request: HttpRequest, desk: Desk, row: Row, forms: Forms) -> str:
    _require(desk, Action.CHANGE_QUOTAS)
    form = forms["move"] = MoveForm(request.POST)
    if not form.is_valid():
        return ""
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
        return ""
    messages.success(request, _("The places were moved."))
    return desk.url("desk-slot", row.slot.pk)


def _close(request: HttpRequest, desk: Desk, row: Row, forms: Forms) -> str:
    _require(desk, Action.CLOSE_WINDOWS)
    form = forms["close"] = CloseForm(request.POST)
    if not form.is_valid():
        return ""
    reason = form.cleaned_data["reason"]
    kept = close_slots([row.slot.pk], reason=reason, actor=desk.actor, now=desk.now)
    messages.success(request, closed_message(desk, form, kept))
    if to_decide(kept):
        return desk.url("desk-conflicts", window=row.slot.pk)
    return desk.url("desk-slot", row.slot.pk)


def _reopen(request: HttpRequest, desk: Desk, row: Row, forms: Forms) -> str:
    _require(desk, Action.CLOSE_WINDOWS)
    form = forms["reopen"] = ReasonForm(request.POST, prefix="reopen")
    if not form.is_valid():
        return ""
    reason = form.cleaned_data["reason"]
    reopen_slots([row.slot.pk], reason=reason, actor=desk.actor, now=desk.now)
    messages.success(request, _("The window is open again."))
    return desk.url("desk-slot", row.slot.pk)


# Each answers where to go on, or nothing where its form isn't filled in rightly.
_ACTS: dict[str, Callable[[HttpRequest, Desk, Row, Forms], str]] = {
    "move": _move,
    "close": _close,
    "reopen": _reopen,
}


def to_decide(kept: Iterable[BookingInTheWay]) -> bool:
    """Whether somebody's appointment is at a closed window now: staff decide what becomes of it."""
    return any(booking.status == Status.CONFIRMED for booking in kept)


def closed_message(desk: Desk, form: CloseForm, bookings: Sequence[BookingInTheWay]) -> str:
    """Write to the people where the form says so, and say what became of all of them."""
    if not bookings:
        return _("Closed. Nobody was booked.")
    kept = ngettext(
        "Closed. %(count)s booking stays valid.",
        "Closed. %(count)s bookings stay valid.",
        len(bookings),
    ) % {"count": len(bookings)}
    if form.cleaned_data["people"] != CloseForm.TELL:
        return kept
    ids = [booking.id for booking in bookings]
    notice = form.cleaned_data["notice"]
    told = offer_choice(ids, desk.office, notice=notice, actor=desk.actor, now=desk.now).written
    written = ngettext(
        "A message to %(count)s of them is on its way.",
        "Messages to %(count)s of them are on their way.",
        told,
    ) % {"count": told}
    return f"{kept} {written}"


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
