"""All that is kept about an account and the people whom it books for."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from applicants.models import (
    Account,
    Applicant,
    Consent,
    ContactPoint,
    ExternalIdentity,
    GroupMember,
    Message,
    SignInCode,
    Suspension,
)
from bookings.domain.appeals import appeal_reference
from bookings.models import Appeal, Booking, HomeVisit, UrgentRequest, WaitingEntry

Numbered = Booking | UrgentRequest | HomeVisit


@dataclass(frozen=True)
class Kept:
    """The newest first, where time matters."""

    account: Account
    household: list[Applicant]
    contact_points: list[ContactPoint]
    platforms: list[ExternalIdentity]
    groups: list[GroupMember]
    bookings: list[Booking]
    urgent: list[UrgentRequest]
    visits: list[HomeVisit]
    waiting: list[WaitingEntry]
    suspensions: list[Suspension]
    appeals: list[Appeal]
    consents: list[Consent]
    messages: list[Message]


def kept_about(account: Account) -> Kept:
    """A fixed number of statements, whatever there is."""
    household = list(account.household.all())
    bookings = list(_bookings(account))
    urgent = list(
        UrgentRequest.objects.filter(account=account)
        .select_related("office")
        .prefetch_related("evidence")
    )
    visits = list(HomeVisit.objects.filter(account=account).select_related("office"))
    waiting = list(account.waiting.select_related("office", "line").order_by("-made_at"))
    appeals = list(account.appeals.select_related("office"))
    references = _references(account, household, chain(bookings, urgent, visits), waiting, appeals)
    people = [bytes(one.identity_hash) for one in household]
    return Kept(
        account=account,
        household=household,
        contact_points=list(account.contact_points.all()),
        platforms=list(account.external_identities.all()),
        groups=list(account.group_memberships.select_related("group")),
        bookings=bookings,
        urgent=urgent,
        visits=visits,
        waiting=waiting,
        suspensions=list(Suspension.objects.filter(identity_hash__in=people)),
        appeals=appeals,
        consents=list(account.consents.select_related("applicant")),
        messages=list(Message.objects.filter(reference__in=references).order_by("-created_at")),
    )


def references_of(account: Account) -> list[str]:
    """By which the messages of the account are found."""
    bookings = Booking.objects.filter(account=account).only("number")
    urgent = UrgentRequest.objects.filter(account=account).only("number")
    visits = HomeVisit.objects.filter(account=account).only("number")
    numbered: Iterable[Numbered] = chain[Numbered](bookings, urgent, visits)
    return _references(
        account,
        account.household.only("pk"),
        numbered,
        account.waiting.only("pk"),
        account.appeals.only("pk"),
    )


def _bookings(account: Account) -> Iterable[Booking]:
    """With everybody who was ever in the party."""
    return (
        Booking.objects.filter(account=account)
        .select_related("slot__office", "slot__line", "slot__session")
        .prefetch_related("attendees__applications__service")
        .order_by("-slot__starts_at", "-pk")
    )


def _references(
    account: Account,
    household: Iterable[Applicant],
    numbered: Iterable[Numbered],
    waiting: Iterable[WaitingEntry],
    appeals: Iterable[Appeal],
) -> list[str]:
    codes = SignInCode.objects.filter(contact_hash=account.contact_hash)
    return [
        *(one.number for one in numbered),
        *(f"renewal-{one.pk}" for one in household),
        *(f"waiting:{one.pk}" for one in waiting),
        *(appeal_reference(one) for one in appeals),
        *(code.reference for code in codes),
        account_reference(account),
        people_reference(account),
    ]


def account_reference(account: Account) -> str:
    """Of messages about the account itself."""
    return f"account:{account.pk}"


def people_reference(account: Account) -> str:
    """Of messages about people of its list."""
    return f"people:{account.pk}"
