"""The letter of authorisation to print (委托书): for who is represented, and for children."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from applicants.enums import Relation
from applicants.models import Account
from bookings.domain.delegating import is_minor, may_send_somebody
from bookings.models import Booking
from bookings.pages.citizen.facts import Bringer, people_of_booking
from bookings.pages.citizen.holder import booking_of, holder_required
from bookings.pages.citizen.mine import NEVER_MADE


@dataclass(frozen=True, slots=True)
class Letter:
    """One sheet: who entrusts whom with what. An empty name is a line to write on."""

    person: Bringer
    agent: str
    # A guardian entrusts an adult to come with the child.
    is_minor: bool


@require_safe
@holder_required
def authorisation(request: HttpRequest, number: str) -> HttpResponse:
    booking = booking_of(request, number)
    if booking.status in NEVER_MADE:
        return redirect("booking", number)
    people = people_of_booking(booking)
    letters = [letter for person in people if (letter := _letter(booking, person))]
    lettered = {letter.person.attendee.pk for letter in letters}
    context = {
        "booking": booking,
        "letters": letters,
        "in_person": [each for each in people if each.attendee.pk not in lettered],
    }
    return render(request, "bookings/authorisation.html", context)


def _letter(booking: Booking, person: Bringer) -> Letter | None:
    day = booking.slot.date
    minor = is_minor(person.attendee, day)
    if not minor and not may_send_somebody(person.attendee, person.applications, day):
        return None
    return Letter(person, "" if minor else _agent(booking.account, person), minor)


def _agent(account: Account | None, person: Bringer) -> str:
    """Who books for somebody else comes in their place, as a rule."""
    own = account.household.filter(relation=Relation.SELF).first() if account else None
    if own is None or bytes(own.identity_hash) == bytes(person.attendee.identity_hash):
        return ""
    return own.name
