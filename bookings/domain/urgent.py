"""Urgent requests (急事急办): served without a booking, verified first (JJ-12, XM-04, XM-33).

A request takes no slot and no place of a quota (JJ-11). It is submitted → approved or rejected →
done; on the way the office may ask for more, and the applicant may withdraw.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from bookings.domain.eligibility import refuse_wrong_document
from bookings.domain.evidence import keep_files
from bookings.domain.parties import Actor
from bookings.domain.requests import (
    Asking,
    decide,
    end,
    lock,
    note,
    person_values,
    refuse_second,
)
from bookings.domain.uploads import Sound
from bookings.enums import RequestEventKind as Kind
from bookings.enums import RequestState
from bookings.models import UrgentRequest
from offices.domain.calendar import add_working_days
from offices.domain.policy import policy_for
from offices.enums import LOCAL_REASONS, UrgentReason
from offices.models import Office

# Working days that an office has for an urgent matter (HB-26).
WORKING_DAYS = 2
UNDECIDED = (RequestState.SUBMITTED, RequestState.MORE_NEEDED)
OPEN = (*UNDECIDED, RequestState.APPROVED)
NATIONAL_REASONS = tuple(reason for reason in UrgentReason if reason not in LOCAL_REASONS)


@dataclass(frozen=True, slots=True)
class Urgency:
    """Why it can't wait, until when, and what shows it."""

    reason: str
    deadline: dt.date
    files: tuple[Sound, ...] = ()


def reasons_at(office: Office) -> list[UrgentReason]:
    """The eight national reasons, then those that the office or its bureau enables (XM-04)."""
    enabled = policy_for(office).urgent_reasons
    return [*NATIONAL_REASONS, *(reason for reason in LOCAL_REASONS if reason in enabled)]


def ask(asking: Asking, urgency: Urgency, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """Ask to be served without a booking. Raises AskedAlready, BadFile, NotEligible."""
    refuse_wrong_document(asking.name, asking.identity, asking.services)
    with transaction.atomic():
        refuse_second(UrgentRequest, asking, actor, OPEN)
        request = UrgentRequest.objects.create(
            **person_values(asking, actor, now),
            reason=urgency.reason,
            deadline=urgency.deadline,
            due_on=_due(asking.office, now),
        )
        keep_files(request, urgency.files, now)
        note(request, Kind.ASKED, actor, now)
    return request


def add_evidence(
    request_id: int, files: Iterable[Sound], actor: Actor, now: dt.datetime
) -> UrgentRequest:
    """More files, before it is decided. An answer to the office's question submits it again,
    and the office's two days begin anew. Raises WrongState, BadFile."""
    with transaction.atomic():
        request = lock(UrgentRequest, request_id, UNDECIDED)
        keep_files(request, files, now)
        if request.state == RequestState.MORE_NEEDED:
            request.state, request.due_on = RequestState.SUBMITTED, _due(request.office, now)
            request.save(update_fields=["state", "due_on"])
        note(request, Kind.ADDED, actor, now)
    return request


def ask_for_more(request_id: int, answer: str, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """`answer` says what is missing. Raises WrongState."""
    states = (RequestState.SUBMITTED,)
    return decide(UrgentRequest, request_id, states, Kind.MORE_NEEDED, answer, actor, now)


def approve(request_id: int, answer: str, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """Open the green channel: its papers are flagged 加急 from now on. Raises WrongState."""
    with transaction.atomic():
        request = decide(UrgentRequest, request_id, UNDECIDED, Kind.APPROVED, answer, actor, now)
        request.expedited = True
        request.save(update_fields=["expedited"])
    return request


def reject(request_id: int, answer: str, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """Raises WrongState."""
    return decide(UrgentRequest, request_id, UNDECIDED, Kind.REJECTED, answer, actor, now)


def finish(request_id: int, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """The document is made. Raises WrongState."""
    return end(UrgentRequest, request_id, (RequestState.APPROVED,), Kind.DONE, actor, now)


def withdraw(request_id: int, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """By the applicant. Raises WrongState."""
    return end(UrgentRequest, request_id, OPEN, Kind.WITHDRAWN, actor, now)


def _due(office: Office, now: dt.datetime) -> dt.date:
    return add_working_days(office.local_date(now), WORKING_DAYS)
