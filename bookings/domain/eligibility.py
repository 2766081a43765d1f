"""Who may book what: each rule is a small function that gives reasons against."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applicants.enums import IdType
from applicants.identity import Identity, age_on
from bookings.domain.errors import NotEligible, Reason
from bookings.domain.parties import Person
from bookings.domain.ways import EXIT_ENTRY_LAW, PASSPORT_LAW
from bookings.models import Slot
from offices.domain import catalogue
from offices.domain.audience import say_ages
from offices.domain.cities import same_city
from offices.domain.policy import BookingPolicy
from offices.enums import Audience, Document
from offices.models import Service, Session

GUARDIAN_AGE = 16
ADULT_AGE = 18
_FOREIGN_DOCUMENTS = {IdType.PASSPORT, IdType.FOREIGN_RESIDENT}


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
        *against_lone_children(people, day),
        *_against_audience(people, services),
    ]


def refuse_wrong_document(name: str, identity: Identity, codes: Sequence[str]) -> None:
    """Raises NotEligible where a service is for holders of another document, or isn't there."""
    person = Person(name, identity, tuple(codes))
    if reasons := list(_against_audience([person], find_services(codes))):
        raise NotEligible(reasons)


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


def against_lone_children(people: Sequence[Person], day: dt.date) -> Iterator[Reason]:
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
            yield Reason("guardian_needed", text, position)


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
                advice = _audience_advice(service, person)
                yield Reason("wrong_document", advice, position, _law_of(service))


def _is_for(service: Service, person: Person) -> bool:
    if service.audience == Audience.MAINLAND:
        return person.identity.id_type == IdType.RESIDENT_ID
    if service.audience == Audience.FOREIGN:
        return person.identity.id_type in _FOREIGN_DOCUMENTS
    return True


def _law_of(service: Service) -> str:
    """That asks for the identity document; "" where no law names it."""
    if service.audience == Audience.FOREIGN:
        return str(EXIT_ENTRY_LAW)
    return str(PASSPORT_LAW) if service.document == Document.PASSPORT else ""


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


def suits(people: Sequence[Person], session_id: int | None, day: dt.date) -> bool:
    """Whether windows of this session are for the party; those of none are for everybody."""
    if session_id is None:
        return True
    session = find_session(session_id)
    return session is not None and not any(against_session(people, session, day))


def find_session(session_id: int | None) -> Session | None:
    """None as well where it was removed since the windows were read."""
    try:
        return catalogue.session(session_id) if session_id is not None else None
    except Session.DoesNotExist:
        return None


def against_session(
    people: Sequence[Person], session: Session | None, day: dt.date
) -> Iterator[Reason]:
    """A session may be for students, some ages or the residents of a city (FS-01, FS-04), and
    of one that is free of booking nobody books a place (FS-18).
    """
    if session is None:
        return
    if session.booking_free:
        text = _("%(session)s needs no booking: come at the time and take a number on site.")
        yield Reason("session_booking_free", text % {"session": session.label})
        return
    with_student = any(person.is_student for person in people)
    for position, person in enumerate(people):
        age = age_on(day, person.born) if person.born else None
        if not session.students_only or person.is_student:
            yield from _against_age(session, position, person, age)
        elif not (with_student and age is not None and age >= ADULT_AGE):
            yield Reason("session_students", _students_advice(session, person, age), position)
        yield from _against_residence(session, position, person)


def _against_age(
    session: Session, position: int, person: Person, age: int | None
) -> Iterator[Reason]:
    """Adults who come along with students may be of any age."""
    if age is None or _fits_ages(session, age):
        return
    text = _(
        "%(name)s is not of the age that %(session)s is for (%(ages)s). "
        "Choose a time outside this session."
    )
    values = {"session": session.label, "name": person.name, "ages": say_ages(session)}
    yield Reason("session_age", text % values, position)


def _students_advice(session: Session, person: Person, age: int | None) -> str:
    if age is not None and age >= ADULT_AGE:
        text = _(
            "%(session)s is for students and the adults who come with them, and no student comes "
            "with %(name)s. Add the student, or choose a time outside this session. If %(name)s "
            "studies, say so in the details of the person."
        )
    else:
        text = _(
            "%(session)s is for students and the adults who come with them. Say in the details of "
            "%(name)s that they are a student, or choose a time outside this session."
        )
    return text % {"session": session.label, "name": person.name}


def _against_residence(session: Session, position: int, person: Person) -> Iterator[Reason]:
    if not session.residents_of or same_city(session.residents_of, person.home_city):
        return
    if person.home_city:
        text = _(
            "%(session)s is for residents of %(city)s, and %(name)s lives in %(home)s. "
            "Choose a time outside this session."
        )
    else:
        text = _(
            "%(session)s is for residents of %(city)s. Enter the city of residence in the details "
            "of %(name)s, or choose a time outside this session."
        )
    values = {"session": session.label, "city": session.residents_of, "name": person.name}
    yield Reason("session_residence", text % (values | {"home": person.home_city}), position)


def _fits_ages(session: Session, age: int) -> bool:
    young_enough = session.max_age is None or age <= session.max_age
    old_enough = session.min_age is None or age >= session.min_age
    return young_enough and old_enough
