"""Whose number comes next (JJ-19, JJ-20).

Urgent ones first; then by the window that they were booked for or came in; in the same window
whoever goes first by law or need; then whoever has waited longest. Someone early waits for the
booked window (XM-08).
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Extract, Floor

from applicants.enums import Priority
from bookings.domain.lifecycle import serve
from bookings.domain.parties import Actor
from offices.domain.calendar import add_working_days
from offices.domain.policy import policy_for
from offices.models import Counter, Office, ServiceLine
from visits.domain.errors import NotAtCounter
from visits.enums import Series, TicketState
from visits.models import ConditionalAcceptance, Ticket

# What is missing is brought within so many working days (WH-09).
MISSING_WITHIN = 7


def in_order(tickets: "QuerySet[Ticket]", minutes: int) -> "QuerySet[Ticket]":
    """In the order of calling; times within the same `minutes` count as one window."""
    first = When(series=Series.URGENT, then=Value(0))
    before = When(priority=Priority.NONE, then=Value(1))
    number = IntegerField()
    return tickets.annotate(
        class_=Case(first, default=Value(1), output_field=number),
        window=Floor(Extract("callable_from", "epoch") / Value(minutes * 60.0)),
        turn=Case(before, default=Value(0), output_field=number),
    ).order_by("class_", "window", "turn", "callable_from", "pk")


def waiting(office: Office, line: ServiceLine, now: dt.datetime) -> "QuerySet[Ticket]":
    """Who may be called now, next first."""
    tickets = Ticket.objects.filter(
        office=office,
        line=line,
        date=office.local_date(now),
        state=TicketState.WAITING,
        callable_from__lte=now,
    )
    return in_order(tickets, policy_for(office).slot_minutes)


@transaction.atomic
def call_next(counter: Counter, now: dt.datetime) -> Ticket | None:
    """The next number to this counter; None where nobody waits. Two counters never get one.

    Whom it serves already, where somebody is there: a second click calls nobody else.
    """
    Counter.objects.select_for_update(no_key=True, of=("self",)).get(pk=counter.pk)
    if there := at_counter(counter, now):
        return there
    queue = waiting(counter.office, counter.line, now)
    ticket = queue.select_for_update(of=("self",), skip_locked=True).first()
    if ticket is None:
        return None
    ticket.state, ticket.counter, ticket.called_at = TicketState.CALLED, counter, now
    ticket.save(update_fields=["state", "counter", "called_at"])
    return ticket


def at_counter(counter: Counter, now: dt.datetime) -> Ticket | None:
    """Whom it serves at this moment."""
    office = counter.office
    # Found by office and day, like all numbers.
    today = Ticket.objects.filter(office=office, date=office.local_date(now), counter=counter)
    called = today.filter(state=TicketState.CALLED).order_by("-called_at")
    return called.select_related("booking", "line").first()


@transaction.atomic
def finish(
    ticket_id: int, actor: Actor, now: dt.datetime, *, missing: str = ""
) -> ConditionalAcceptance | None:
    """The visit is over; with what is `missing` to be brought within seven working days.

    Raises NotAtCounter.
    """
    ticket = _called(ticket_id)
    _end(ticket, TicketState.DONE, now)
    if ticket.booking_id is not None:
        serve(ticket.booking_id, actor, now)
    if not missing:
        return None
    return ConditionalAcceptance.objects.create(
        ticket=ticket,
        missing=missing,
        due_on=add_working_days(ticket.date, MISSING_WITHIN),
        accepted_by=actor.operator,
    )


@transaction.atomic
def skip(ticket_id: int, now: dt.datetime) -> None:
    """Nobody came to the counter. Raises NotAtCounter."""
    _end(_called(ticket_id), TicketState.SKIPPED, now)


@transaction.atomic
def queue_again(ticket_id: int, now: dt.datetime) -> None:
    """Whoever missed the call has come: they wait from now on. Raises NotAtCounter."""
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if ticket.state != TicketState.SKIPPED:
        raise NotAtCounter(ticket.label)
    ticket.state, ticket.callable_from, ticket.ended_at = TicketState.WAITING, now, None
    ticket.save(update_fields=["state", "callable_from", "ended_at"])


def settle(gap: ConditionalAcceptance, actor: Actor, now: dt.datetime) -> None:
    """What was missing has been brought."""
    gap.settled_at, gap.settled_by = now, actor.operator
    gap.save(update_fields=["settled_at", "settled_by"])


def reopen(gap: ConditionalAcceptance) -> None:
    """It was not brought after all."""
    gap.settled_at = gap.settled_by = None
    gap.save(update_fields=["settled_at", "settled_by"])


def pre_accept(ticket: Ticket, now: dt.datetime) -> None:
    """A machine took forms and photo: the counter has less to do (WH-02)."""
    Ticket.objects.filter(pk=ticket.pk, pre_accepted_at=None).update(pre_accepted_at=now)


def ahead_of(ticket: Ticket, now: dt.datetime) -> Sequence[int]:
    """Keys of those who are called before it."""
    queue = list(waiting(ticket.office, ticket.line, now).values_list("pk", flat=True))
    return queue[: queue.index(ticket.pk)] if ticket.pk in queue else queue


def _called(ticket_id: int) -> Ticket:
    ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket_id)
    if ticket.state != TicketState.CALLED:
        raise NotAtCounter(ticket.label)
    return ticket


def _end(ticket: Ticket, state: TicketState, now: dt.datetime) -> None:
    ticket.state, ticket.ended_at = state, now
    ticket.save(update_fields=["state", "ended_at"])
