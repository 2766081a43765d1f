"""Urgent numbers: for approved requests, and for whoever stands there and can't wait (JJ-11)."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from applicants.identity import Identity
from bookings.domain.parties import Actor
from bookings.domain.requests import lock, note
from bookings.enums import RequestEventKind, RequestState
from bookings.models import UrgentRequest
from offices.domain import catalogue
from offices.enums import UrgentReason
from offices.models import Office, ServiceLine
from visits.domain.tickets import issue, next_number
from visits.enums import Series
from visits.models import Ticket, UrgentArrival


def approved_requests(office: Office, key: Identity | str) -> "QuerySet[UrgentRequest]":
    """The approved ones of this person, or that with this number."""
    approved = UrgentRequest.objects.filter(office=office, state=RequestState.APPROVED)
    if isinstance(key, Identity):
        return approved.filter(identity_hash=key.hash)
    return approved.filter(number=key)


def give_approved_number(request_id: int, actor: Actor, now: dt.datetime) -> UrgentArrival:
    """A number for whom it was approved for; asked again that day, the same one.

    Raises WrongState.
    """
    with transaction.atomic():
        request = lock(UrgentRequest, request_id, (RequestState.APPROVED,))
        today = request.office.local_date(now)
        known = request.arrivals.filter(ticket__date=today).select_related("ticket").first()
        if known is not None:
            return known
        ticket = _ticket(request.office, _line_of(request), actor, now)
        note(request, RequestEventKind.ARRIVED, actor, now)
        return UrgentArrival.objects.create(ticket=ticket, request=request, reason=request.reason)


def give_urgent_number(
    office: Office,
    line: ServiceLine,
    reason: UrgentReason,
    text: str,
    actor: Actor,
    now: dt.datetime,
) -> UrgentArrival:
    """A number at once, without a request: whoever decides sees person and evidence at the
    counter. It takes neither a slot nor a place of a quota."""
    with transaction.atomic():
        ticket = _ticket(office, line, actor, now)
        return UrgentArrival.objects.create(ticket=ticket, reason=reason, note=text)


def _line_of(request: UrgentRequest) -> ServiceLine:
    """That of the first service that is still there."""
    known = catalogue.services()
    lines = [known[code].line for code in request.services if code in known]
    return lines[0] if lines else ServiceLine.objects.earliest("sort_order")


def _ticket(office: Office, line: ServiceLine, actor: Actor, now: dt.datetime) -> Ticket:
    number = next_number(office, office.local_date(now), Series.URGENT)
    return issue(office, line, Series.URGENT, number, actor, now)
