"""What urgent requests and home visits have in common: their person, their history, their news."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from applicants.domain import outbox
from applicants.enums import MessageKind
from applicants.identity import Identity
from applicants.models import Account, Message
from bookings.domain.errors import BookingError
from bookings.domain.messages import NEWS_LASTS, state_at, ways_to
from bookings.domain.numbers import new_number
from bookings.domain.parties import Actor, Contact
from bookings.enums import RequestEventKind, RequestState
from bookings.models import HomeVisit, RequestEvent, UrgentRequest
from offices.models import Office

AnyRequest = UrgentRequest | HomeVisit
OneKind = TypeVar("OneKind", UrgentRequest, HomeVisit)

# Whoever has asked hears of these; the rest they did themselves, or it happens before them.
_NEWS = {
    RequestEventKind.ASKED,
    RequestEventKind.MORE_NEEDED,
    RequestEventKind.APPROVED,
    RequestEventKind.REJECTED,
    RequestEventKind.ASSIGNED,
    RequestEventKind.DONE,
}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks which office for what, and how they are reached."""

    office: Office
    name: str
    identity: Identity
    services: tuple[str, ...]
    contact: Contact


@dataclass
class WrongState(BookingError):
    """The request has gone on since the page was shown."""

    code: ClassVar[str] = "wrong_state"
    state: str

    @property
    def message(self) -> str:
        return _("This request can't be changed like that any more: %(state)s.") % {
            "state": RequestState(self.state).label
        }


@dataclass
class AskedAlready(BookingError):
    """The same person has an open request at the same office, from the same account."""

    code: ClassVar[str] = "asked_already"
    number: str

    @property
    def message(self) -> str:
        return _("There is an open request for this person already: %(number)s.") % {
            "number": self.number
        }


def person_values(asking: Asking, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """The columns that both kinds of request have."""
    return {
        "number": new_number(),
        "office": asking.office,
        "account": actor.account,
        "name": asking.name,
        "id_type": asking.identity.id_type,
        "id_number": asking.identity.number,
        "identity_hash": asking.identity.hash,
        "services": list(asking.services),
        "contact_phone": asking.contact.phone,
        "contact_email": asking.contact.email,
        "language": asking.contact.language,
        "made_at": now,
    }


def lock(kind: type[OneKind], pk: int, states: Sequence[str]) -> OneKind:
    """The request, for this transaction alone. Raises WrongState where it is in none of these."""
    found = kind.objects.select_for_update(of=("self",)).select_related("office__bureau").get(pk=pk)
    if found.state not in states:
        raise WrongState(found.state)
    return found


def decide(
    kind: type[OneKind],
    pk: int,
    states: Sequence[str],
    event: RequestEventKind,
    answer: str,
    actor: Actor,
    now: dt.datetime,
) -> OneKind:
    """The office's answer, which the applicant reads. Raises WrongState."""
    with transaction.atomic():
        request = lock(kind, pk, states)
        request.state, request.answer = RequestState(event), answer
        request.decided_by, request.decided_at = actor.operator, now
        request.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        note(request, event, actor, now, answer)
    return request


def end(
    kind: type[OneKind],
    pk: int,
    states: Sequence[str],
    event: RequestEventKind,
    actor: Actor,
    now: dt.datetime,
) -> OneKind:
    """Done or withdrawn. Raises WrongState."""
    with transaction.atomic():
        request = lock(kind, pk, states)
        request.state, request.ended_at = RequestState(event), now
        request.save(update_fields=["state", "ended_at"])
        note(request, event, actor, now)
    return request


def refuse_second(
    kind: type[AnyRequest], asking: Asking, actor: Actor, states: Sequence[str]
) -> None:
    """One open request a person, office and account. In a transaction. Raises AskedAlready."""
    if actor.account is None:
        return
    _take_turns(actor.account)
    same = kind.objects.filter(
        account=actor.account,
        office=asking.office,
        identity_hash=asking.identity.hash,
        state__in=states,
    )
    if first := same.first():
        raise AskedAlready(first.number)


def _take_turns(account: Account) -> None:
    """Two clicks at once would both find no request."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)


def note(
    request: AnyRequest, kind: RequestEventKind, actor: Actor, now: dt.datetime, answer: str = ""
) -> None:
    """Write down what happened, and tell whoever has asked."""
    of = {"urgent" if isinstance(request, UrgentRequest) else "visit": request}
    RequestEvent.objects.create(**of, kind=kind, answer=answer, account=actor.person, at=now)
    if kind in _NEWS and (ways := ways_to(request)):
        outbox.write([_news(request, kind, answer, now).address_to(ways)])


def _news(request: AnyRequest, kind: RequestEventKind, answer: str, now: dt.datetime) -> Message:
    urgent = isinstance(request, UrgentRequest)
    return Message(
        reference=request.number,
        kind=MessageKind.URGENT_NEWS if urgent else MessageKind.HOME_VISIT_NEWS,
        # Each event is told once.
        version=request.events.count(),
        language=request.language,
        context=_facts(request, kind, answer),
        due_at=now,
        not_after=now + NEWS_LASTS,
        state=state_at(request.office),
    )


def _facts(request: AnyRequest, kind: RequestEventKind, answer: str) -> dict[str, str | bool]:
    office = request.office
    facts: dict[str, str | bool] = {
        "number": request.number,
        "city": office.city,
        "city_en": office.city_en,
        "office": office.name,
        "office_en": office.name_en,
        "event": str(kind),
        "notice": answer,
        "notice_en": "",
        "office_phone": office.phone,
        "without_account": request.account_id is None,
    }
    if isinstance(request, UrgentRequest) and request.due_on:
        facts["due_on"] = request.due_on.isoformat()
    if isinstance(request, HomeVisit) and request.visit_on and request.visit_from:
        facts["visit_at"] = f"{request.visit_on}T{request.visit_from:%H:%M}"
    return facts
