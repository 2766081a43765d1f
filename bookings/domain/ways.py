"""What a rule rests on where that is a law, and what whoever is refused can do about it.

A row for every code of a refusal: pages show it below the sentence that says what is wrong, the
API gives it as `source` and `do`. Rules without a source are the booking rules of an office.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

CALL_LINK = "tel"


@dataclass(frozen=True, slots=True)
class Way:
    """Something to do next. `link` names the page that does it, `then` the page after that."""

    code: str
    label: Promise
    link: str = ""
    then: str = ""

    @property
    def path(self) -> str:
        """Where a page does it; "" where none does."""
        if self.link == CALL_LINK:
            return f"tel:{settings.HOTLINE}"
        if not self.link:
            return ""
        query = f"?{urlencode({'next': reverse(self.then)})}" if self.then else ""
        return f"{reverse(self.link)}{query}"


@dataclass(frozen=True, slots=True)
class Rule:
    ways: tuple[Way, ...]
    # The law or guidance; empty where the office made the rule.
    source: Promise | str = ""


CHANGE_PEOPLE = Way("change_people", _("Change who comes"), "book-people")
ADD_PERSON = Way("add_person", _("Add a person"), "household-add", then="book-people")
CORRECT_PERSON = Way("correct_person", _("Correct the details of a person"), "household")
BRING_ADULT = Way(
    "bring_adult", _("Tick an adult as well, or say that an adult comes along"), "book-people"
)
CHOOSE_SERVICES = Way("choose_services", _("Choose other services"), "book")
BOOK_APART = Way("book_apart", _("Make a booking of its own for the rest"), "book")
CHOOSE_TIME = Way("choose_time", _("Choose another time"), "book-time")
CHOOSE_OFFICE = Way("choose_office", _("Choose another office"), "book-office")
MY_BOOKINGS = Way("my_bookings", _("Move or cancel the booking under “My bookings”"), "my-bookings")
BOOK_AGAIN = Way("book_again", _("Book again"), "book")
WALK_IN = Way("walk_in", _("Come without a booking: offices and their hours"), "offices")
APPEAL = Way("appeal", _("See the suspension, and object to it"), "suspensions")
CALL = Way("call", _("Call and have a member of staff book or change it for you"), CALL_LINK)
LOOK_AGAIN = Way("look_again", _("Load the page anew and decide on what it says now"))
CHANGE_ENTRY = Way("change_entry", _("Change what was entered, and save again"))
MOVE_PEOPLE = Way("move_people", _("Move or cancel the bookings first, then try again"))
COME_LATER = Way("come_later", _("Come back at the time that is said"))

PASSPORT_LAW = _("Passport Law of the People's Republic of China, article 6")
EXIT_ENTRY_LAW = _(
    "Exit and Entry Administration Law of the People's Republic of China, articles 29 to 40"
)
NATIONAL_GUIDANCE = _("National guidance on applying for exit-entry documents")

# Why a party isn't eligible.
REASONS: Mapping[str, Rule] = {
    "no_people": Rule((CHANGE_PEOPLE, ADD_PERSON)),
    "party_too_large": Rule((CHANGE_PEOPLE, BOOK_APART, CALL)),
    "person_twice": Rule((CHANGE_PEOPLE,)),
    "no_service": Rule((CHOOSE_SERVICES, CHANGE_PEOPLE)),
    "too_many_services": Rule((CHOOSE_SERVICES, BOOK_APART)),
    "birth_date_missing": Rule((CORRECT_PERSON,)),
    "birth_date_future": Rule((CORRECT_PERSON,)),
    "guardian_needed": Rule((BRING_ADULT, ADD_PERSON, CALL), NATIONAL_GUIDANCE),
    "service_unknown": Rule((CHOOSE_SERVICES,)),
    "wrong_document": Rule((CHOOSE_SERVICES, ADD_PERSON, CALL), NATIONAL_GUIDANCE),
    "other_line": Rule((CHOOSE_SERVICES, BOOK_APART)),
    "not_offered": Rule((CHOOSE_OFFICE, CHOOSE_SERVICES)),
    "session_booking_free": Rule((WALK_IN, CHOOSE_TIME)),
    "session_age": Rule((CHOOSE_TIME, CHANGE_PEOPLE, CHOOSE_OFFICE)),
    "session_students": Rule((CHOOSE_TIME, CHANGE_PEOPLE, CORRECT_PERSON)),
    "session_residence": Rule((CHOOSE_TIME, CORRECT_PERSON, CHOOSE_OFFICE)),
}

# Why something else is refused, by the code of the BookingError.
REFUSALS: Mapping[str, Rule] = {
    "slot_full": Rule((CHOOSE_TIME, CHOOSE_OFFICE, WALK_IN)),
    "slot_not_open": Rule((CHOOSE_TIME, CHOOSE_OFFICE, WALK_IN)),
    "already_booked": Rule((MY_BOOKINGS, CHANGE_PEOPLE, CALL)),
    "suspended": Rule((APPEAL, WALK_IN, CALL, CHANGE_PEOPLE)),
    "hold_expired": Rule((CHOOSE_TIME, BOOK_AGAIN)),
    "wrong_status": Rule((MY_BOOKINGS, BOOK_AGAIN, CALL)),
    "too_late": Rule((CALL, WALK_IN)),
    "not_today": Rule((MY_BOOKINGS, WALK_IN)),
    "too_early": Rule((COME_LATER,)),
    "asked_already": Rule((CALL,)),
    "bad_file": Rule((CHANGE_ENTRY, CALL)),
    # What staff are refused.
    "below_taken": Rule((MOVE_PEOPLE, CHANGE_ENTRY)),
    "changed_meanwhile": Rule((LOOK_AGAIN,)),
    "slot_over": Rule((LOOK_AGAIN,)),
    "wrong_state": Rule((LOOK_AGAIN,)),
    "still_closed": Rule((LOOK_AGAIN,)),
    "places_frozen": Rule((LOOK_AGAIN,)),
    "session_booked": Rule((MOVE_PEOPLE,)),
    "sessions_overlap": Rule((CHANGE_ENTRY,)),
    "hours_overlap": Rule((CHANGE_ENTRY,)),
    "plan_in_force": Rule((CHANGE_ENTRY,)),
    "plan_in_use": Rule((CHANGE_ENTRY,)),
    "plan_outdated": Rule((LOOK_AGAIN,)),
    "already_decided": Rule((LOOK_AGAIN,)),
    "nothing_to_change": Rule((LOOK_AGAIN,)),
    "unknown_encoding": Rule((CHANGE_ENTRY,)),
    "nobody_at_counter": Rule((LOOK_AGAIN,)),
    "not_at_counter": Rule((LOOK_AGAIN,)),
    "staff_busy": Rule((LOOK_AGAIN,)),
    "by_appointment_only": Rule((BOOK_AGAIN, CALL)),
    "not_now": Rule((COME_LATER,)),
    "no_numbers_left": Rule((WALK_IN,)),
}

_OTHERWISE = Rule((CALL,))


def rule_of(code: str) -> Rule:
    """Of a reason or a refusal; a refusal of somebody else's making leads to people."""
    return REASONS.get(code) or REFUSALS.get(code) or _OTHERWISE


def without_repeats(ways: Iterable[Way]) -> list[Way]:
    """Each way once, in the order in which they come first."""
    return list(dict.fromkeys(ways))
