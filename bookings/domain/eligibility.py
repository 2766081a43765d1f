"""Who may book what: each rule is a small function that gives reasons against."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.enums import IdType
from bookings.domain.errors import Reason
from bookings.domain.parties import Person
from bookings.models import Slot
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy
from offices.enums import Audience
from offices.models import Service, Session

GUARDIAN_AGE = 16
ADULT_AGE = 18
_FOREIGN_DOCUMENTS = {IdType.PASSPORT, IdType.FOREIGN_RESIDENT}


def age_on(day: dt.date, born: dt.date) -> int:
    """Full years; someone born on 29 February turns a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def reasons_against(
    people: Sequence[Person],
    slot: Slot,
    policy: BookingPolicy,
    services: Mapping[str, Service],
    offered: Collection[str],
) -> list[Reason]:
    """Every rule that this party breaks at this slot; empty when it may book.

    `services` are the known ones by code, `offered` the codes that the office handles that day.
    """
    return [
        *reasons_against_people(people, slot.date, policy, services),
        *_against_services(people, slot, services, offered),
        *against_session(people, slot.session, slot.date),
    ]


def reasons_against_people(
    people: Sequence[Person], day: dt.date, policy: BookingPolicy, services: Mapping[str, Service]
) -> list[Reason]:
    """The rules that need no slot: what can be said as soon as people and services are chosen."""
    return [
        *_against_party(people, policy),
        *_against_birth_dates(people, day),
        *_against_lone_children(people, day),
        *_against_audience(people, services),
    ]


def find_services(codes: Iterable[str]) -> dict[str, Service]:
    """Those of them that there are, by code."""
    wanted = set(codes)
    return {code: service for code, service in catalogue.services().items() if code in wanted}


def _against_party(people: Sequence[Person], policy: BookingPolicy) -> Iterator[Reason]:
    if not people:
        yield Reason("no_people", _("Add at least one person."))
    if len(people) > policy.max_party:
        text = ngettext(
            "One booking is for at most %(count)s person.",
            "One booking is for at most %(count)s people.",
            policy.max_party,
        )
        yield Reason("party_too_large", text % {"count": policy.max_party})
    seen: set[bytes] = set()
    for position, person in enumerate(people):
        if person.identity.hash in seen:
            text = _("%(name)s is in the party twice.") % {"name": person.name}
            yield Reason("person_twice", text, position)
        seen.add(person.identity.hash)
        yield from _against_service_count(position, person, policy)


def _against_service_count(
    position: int, person: Person, policy: BookingPolicy
) -> Iterator[Reason]:
    if not person.services:
        text = _("Choose at least one service for %(name)s.") % {"name": person.name}
        yield Reason("no_service", text, position)
    elif len(set(person.services)) > policy.max_services:
        text = _("One form carries at most %(count)s services.") % {"count": policy.max_services}
        yield Reason("too_many_services", text, position)


def _against_birth_dates(people: Sequence[Person], day: dt.date) -> Iterator[Reason]:
    for position, person in enumerate(people):
        if person.born is None:
            text = _("Enter the birth date of %(name)s.") % {"name": person.name}
            yield Reason("birth_date_missing", text, position)
        elif person.born > day:
            text = _("The birth date of %(name)s is in the future.") % {"name": person.name}
            yield Reason("birth_date_future", text, position)


def _against_lone_children(people: Sequence[Person], day: dt.date) -> Iterator[Reason]:
    """Under 16 a guardian comes along, or an adult whom the guardian entrusts in writing."""
    if any(person.born and age_on(day, person.born) >= ADULT_AGE for person in people):
        return
    for position, person in enumerate(people):
        child = person.born is not None and age_on(day, person.born) < GUARDIAN_AGE
        if child and not person.accompanied:
            text = _(
                "%(name)s is under 16 and must come with a guardian, or with an adult whom "
                "the guardian has authorised in writing. Add that adult to the party, or state "
                "that they come along."
            ) % {"name": person.name}
            source = _("National guidance on applying for exit-entry documents")
            yield Reason("guardian_needed", text, position, source)


def _against_audience(
    people: Sequence[Person], services: Mapping[str, Service]
) -> Iterator[Reason]:
    for position, person in enumerate(people):
        for code in person.services:
            service = services.get(code)
            if service is None:
                text = _("The service “%(code)s” does not exist.") % {"code": code}
                yield Reason("service_unknown", text, position)
            elif not _is_for(service, person):
                yield Reason("wrong_document", _audience_advice(service, person), position)


def _is_for(service: Service, person: Person) -> bool:
    if service.audience == Audience.MAINLAND:
        return person.identity.id_type == IdType.RESIDENT_ID
    if service.audience == Audience.FOREIGN:
        return person.identity.id_type in _FOREIGN_DOCUMENTS
    return True


def _audience_advice(service: Service, person: Person) -> str:
    values = {"service": service.label, "name": person.name}
    if service.audience == Audience.MAINLAND:
        return (
            _(
                "%(service)s is for mainland residents. %(name)s needs a resident ID card to "
                "apply for it."
            )
            % values
        )
    return (
        _(
            "%(service)s is for foreign nationals. %(name)s needs a passport or a foreign "
            "permanent resident ID card to apply for it."
        )
        % values
    )


def _against_services(
    people: Sequence[Person],
    slot: Slot,
    services: Mapping[str, Service],
    offered: Collection[str],
) -> Iterator[Reason]:
    wanted = {code for person in people for code in person.services if code in services}
    for code in sorted(wanted):
        service = services[code]
        values = {"service": service.label, "office": slot.office.label}
        if service.line_id != slot.line_id:
            text = _("%(service)s is handled at other counters and needs a booking of its own.")
            yield Reason("other_line", text % values)
        elif code not in offered:
            text = _("%(office)s does not handle %(service)s. Please choose another office.")
            yield Reason("not_offered", text % values)


def against_session(
    people: Sequence[Person], session: Session | None, day: dt.date
) -> Iterator[Reason]:
    """A session of its own may be for some ages only (FS-01)."""
    if session is None:
        return
    for position, person in enumerate(people):
        if person.born and not _fits_ages(session, age_on(day, person.born)):
            text = _("%(session)s is for people of other ages than %(name)s.") % {
                "session": session.label,
                "name": person.name,
            }
            yield Reason("session_age", text, position)


def _fits_ages(session: Session, age: int) -> bool:
    young_enough = session.max_age is None or age <= session.max_age
    old_enough = session.min_age is None or age >= session.min_age
    return young_enough and old_enough
