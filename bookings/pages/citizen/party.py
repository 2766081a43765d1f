"""From the answers so far to a party, and what speaks against it before a window is chosen."""

import datetime as dt
from dataclasses import replace

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.translation import get_language

from applicants.models import Account, Applicant
from applicants.pages.access import citizen_of
from applicants.pages.browsers import in_wechat
from bookings.domain.eligibility import reasons_against_people
from bookings.domain.errors import Reason
from bookings.domain.households import as_person, contact_of, is_child
from bookings.domain.parties import Party, Person
from bookings.enums import Channel
from bookings.pages.citizen.draft import Draft
from offices.domain import catalogue
from offices.domain.policy import BookingPolicy, policy_for
from offices.models import Office, Service


def household_of(account: Account) -> list[Applicant]:
    """Everybody the account books for, read and decrypted once a request."""
    prefetch_related_objects([account], "household")
    return list(account.household.all())


def members(account: Account, draft: Draft) -> list[Applicant]:
    """The chosen people who are still in the household, in its order."""
    return [person for person in household_of(account) if person.pk in draft.people]


def people_of(account: Account, draft: Draft, today: dt.date) -> tuple[Person, ...]:
    return tuple(
        as_person(
            member,
            draft.wanted_by(member.pk),
            accompanied=draft.accompanied and is_child(member, today),
        )
        for member in members(account, draft)
    )


def reasons_by_service(
    member: Applicant, services: dict[str, Service], today: dt.date
) -> dict[str, list[Reason]]:
    """By code: why this person can't apply for the service; nothing where they can."""
    return {
        code: reasons_against_people(
            [as_person(member, [code], accompanied=True)], today, BookingPolicy(), services
        )
        for code in services
    }


def policy_of(draft: Draft) -> BookingPolicy:
    """The office's, or the default as long as no office is chosen."""
    office = find_office(draft.office) if draft.office else None
    return policy_for(office) if office else BookingPolicy()


def find_office(code: str) -> Office | None:
    """The office with its bureaus, as long as it can be booked at."""
    office_id = catalogue.active_offices().get(code)
    return catalogue.office(office_id) if office_id else None


@catalogue.kept(200)
def offices_offering(service_codes: tuple[str, ...], day: dt.date) -> list[Office]:
    """The offices that handle all of it on that day, with their bureaus."""
    offices = Office.objects.bookable().standing(day).offering(list(service_codes), day)
    return list(offices.select_related("bureau__parent__parent"))


def party_for(request: HttpRequest, draft: Draft, slot_id: int, today: dt.date) -> Party:
    account = citizen_of(request)
    return Party(
        slot_id=slot_id,
        channel=channel_of(request),
        people=people_of(account, draft, today),
        contact=replace(contact_of(account), language=get_language() or settings.LANGUAGE_CODE),
        purpose=draft.purpose,
    )


def channel_of(request: HttpRequest) -> str:
    return Channel.WECHAT if in_wechat(request) else Channel.WEB
