"""Moves people together: first where each would go, then all of them at once."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import ngettext

from bookings.domain.in_the_way import BookingInTheWay
from bookings.domain.move_plan import Movable, MovePlan
from bookings.domain.moving import (
    LARGEST_MOVE,
    Move,
    PlanOutdated,
    movable_at,
    move_together,
    plan_moves,
)
from bookings.domain.publishing import publish
from bookings.forms.conflicts import MoveReasonForm, ReachForm
from bookings.forms.typed import whole_number
from bookings.models import Booking, Slot
from bookings.pages.desk.conflicts import (
    Shown,
    nobody_chosen,
    others_of_bureau,
    say_to_call,
    shown_to,
)
from bookings.pages.desk.gate import Desk, desk_page
from offices.domain.permissions import Action
from offices.models import Office


@dataclass(frozen=True)
class _Reach:
    """How far people may be sent, as it was typed."""

    form: ReachForm
    within_days: int
    elsewhere: list[Office]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the preview. `target` is None for whom nothing fits."""

    booking: BookingInTheWay
    party: Movable
    here: Slot
    target: Slot | None

    @property
    def value(self) -> str:
        """What is confirmed: the booking as it is now, and where it goes."""
        target = self.target.pk if self.target else 0
        return f"{self.party.booking_id}:{self.party.version}:{target}"


@desk_page(Action.CLOSE_WINDOWS)
def move(request: HttpRequest, desk: Desk) -> HttpResponse:
    shown = shown_to(request, desk)
    if request.method != "POST":
        return HttpResponseRedirect(shown.url("desk-conflicts"))
    reach = _reach(request, desk)
    reason = MoveReasonForm(request.POST if "confirm" in request.POST else None)
    problem = ""
    if reason.is_valid():
        try:
            return _carry_out(request, shown, reach, reason.cleaned_data["reason"])
        except PlanOutdated as refusal:
            problem = refusal.message
    chosen = _ticked(request, shown)
    plan = plan_moves(chosen, desk.now, within_days=reach.within_days, elsewhere=reach.elsewhere)
    context = _context(shown, plan) | {
        "reach": reach.form,
        "reason": reason,
        "form": reason if reason.errors else reach.form,
        "problem": problem or ("" if chosen else nobody_chosen()),
    }
    return render(request, "desk/conflicts_move.html", context)


def _reach(request: HttpRequest, desk: Desk) -> _Reach:
    form = ReachForm(request.POST)
    if not form.is_valid():
        return _Reach(form, 0, [])
    elsewhere = others_of_bureau(desk) if form.cleaned_data["elsewhere"] else []
    return _Reach(form, form.cleaned_data["within_days"], elsewhere)


def _ticked(request: HttpRequest, shown: Shown) -> list[Booking]:
    """In order of time; no more than one move takes."""
    desk = shown.desk
    slots = [window.slot for window in shown.windows]
    affected = movable_at(desk.office, desk.now).filter(slot__in=slots)
    bookings = affected.filter(pk__in=shown.chosen(request))
    return list(bookings.with_details().order_by("slot__starts_at", "pk")[:LARGEST_MOVE])


def _carry_out(request: HttpRequest, shown: Shown, reach: _Reach, reason: str) -> HttpResponse:
    """Raises PlanOutdated."""
    desk = shown.desk
    moved = move_together(
        _confirmed(request, shown),
        office=desk.office,
        elsewhere=reach.elsewhere,
        within_days=reach.within_days,
        reason=reason,
        actor=desk.actor,
        now=desk.now,
    )
    if any(window.takes_place for window in shown.windows):
        # Nobody keeps the windows that they left from following the hours now.
        publish(desk.office, desk.now)
    to_call = sum(not (one.contact_phone or one.contact_email) for one in moved)
    text = ngettext("%(n)s booking was moved.", "%(n)s bookings were moved.", len(moved))
    messages.success(request, f"{text % {'n': len(moved)}} {say_to_call(to_call)}".strip())
    return HttpResponseRedirect(shown.url("desk-conflicts"))


def _confirmed(request: HttpRequest, shown: Shown) -> list[Move]:
    """The moves that the preview showed. Raises PlanOutdated if they are none, or of others."""
    affected = {one.booking.id for one in shown.affected}
    moves = [_read(text) for text in request.POST.getlist("move")[:LARGEST_MOVE]]
    if not moves or any(move is None or move.booking_id not in affected for move in moves):
        raise PlanOutdated
    return [move for move in moves if move]


def _read(text: str) -> Move | None:
    numbers = [whole_number(part) for part in text.split(":")]
    known = [number for number in numbers if number is not None]
    return Move(*known) if len(numbers) == len(known) == 3 else None


def _context(shown: Shown, plan: MovePlan) -> dict[str, Any]:
    views = {one.booking.id: one.booking for one in shown.affected}
    targets = {move.party.booking_id: move.opening.slot_id for move in plan.moves}
    parties = [*(move.party for move in plan.moves), *plan.stuck]
    slot_ids = {*targets.values(), *(party.slot_id for party in parties)}
    slots = Slot.objects.select_related("office", "line", "session").in_bulk(slot_ids)
    lines = [
        _Line(
            views[party.booking_id],
            party,
            slots[party.slot_id],
            slots.get(targets.get(party.booking_id, 0)),
        )
        for party in parties
    ]
    return {
        "desk": shown.desk,
        "shown": shown,
        "moving": [line for line in lines if line.target],
        "stuck": [line for line in lines if not line.target],
        "others": others_of_bureau(shown.desk),
        "here": "conflicts",
    }
