"""Urgent requests (急事急办): served without a booking, verified first (JJ-12, XM-04, XM-33).

A request takes no slot and no place of a quota (JJ-11). It is submitted → approved or rejected →
done; on the way the office may ask for more, and the applicant may withdraw.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from bookings.domain.evidence import keep_files
from bookings.domain.parties import Actor
from bookings.domain.requests import AskedAlready, Asking, lock, note, person_values
from bookings.domain.uploads import Sound
from bookings.enums import RequestEventKind, RequestState
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
    """Ask to be served without a booking. Raises AskedAlready, BadFile."""
    with transaction.atomic():
        _refuse_second(asking, actor)
        request = UrgentRequest.objects.create(
            **person_values(asking, actor, now),
            reason=urgency.reason,
            deadline=urgency.deadline,
            due_on=_due(asking.office, now),
        )
        keep_files(request, urgency.files, now)
        note(request, RequestEventKind.ASKED, actor, now)
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
        note(request, RequestEventKind.ADDED, actor, now)
    return request


def ask_for_more(request_id: int, answer: str, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """`answer` says what is missing. Raises WrongState."""
    states = (RequestState.SUBMITTED,)
    return _answer(request_id, states, RequestEventKind.MORE_NEEDED, answer, actor, now)


def approve(request_id: int, answer: str, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """Open the green channel: its papers are flagged 加急 from now on. Raises WrongState."""
    return _answer(request_id, UNDECIDED, RequestEventKind.APPROVED, answer, actor, now)


def reject(request_id: int, answer: str, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """Raises WrongState."""
    return _answer(request_id, UNDECIDED, RequestEventKind.REJECTED, answer, actor, now)


def finish(request_id: int, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """The document is made. Raises WrongState."""
    return _end(request_id, (RequestState.APPROVED,), RequestEventKind.DONE, actor, now)


def withdraw(request_id: int, actor: Actor, now: dt.datetime) -> UrgentRequest:
    """By the applicant. Raises WrongState."""
    return _end(request_id, OPEN, RequestEventKind.WITHDRAWN, actor, now)


def _due(office: Office, now: dt.datetime) -> dt.date:
    return add_working_days(office.local_date(now), WORKING_DAYS)


def _refuse_second(asking: Asking, actor: Actor) -> None:
    if actor.account is None:
        return
    same = UrgentRequest.objects.filter(
        account=actor.account,
        office=asking.office,
        identity_hash=asking.identity.hash,
        state__in=OPEN,
    ).first()
    if same is not None:
        raise AskedAlready(same.number)


def _answer(
    request_id: int,
    states: tuple[RequestState, ...],
    kind: RequestEventKind,
    answer: str,
    actor: Actor,
    now: dt.datetime,
) -> UrgentRequest:
    with transaction.atomic():
        request = lock(UrgentRequest, request_id, states)
        request.state, request.answer = RequestState(kind), answer
        request.decided_by, request.decided_at = actor.operator, now
        request.expedited = kind == RequestEventKind.APPROVED
        request.save(update_fields=["state", "answer", "decided_by", "decided_at", "expedited"])
        note(request, kind, actor, now, answer)
    return request


def _end(
    request_id: int,
    states: tuple[RequestState, ...],
    kind: RequestEventKind,
    actor: Actor,
    now: dt.datetime,
) -> UrgentRequest:
    with transaction.atomic():
        request = lock(UrgentRequest, request_id, states)
        request.state, request.ended_at = RequestState(kind), now
        request.save(update_fields=["state", "ended_at"])
        note(request, kind, actor, now)
    return request
