"""The waiting list, and earlier places."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _

from applicants.domain.phrases import moment_or_midnight, say_date
from applicants.domain.texts.facts import BookingFacts
from applicants.domain.texts.sentences import appointment, enquiries
from applicants.enums import MessageKind


def _waiting_offer(facts: BookingFacts) -> list[str]:
    return [
        _("A place has come free for you: %(what)s.") % {"what": appointment(facts)},
        _("We hold it for you until %(moment)s. Sign in and accept it under My bookings.")
        % {"moment": moment_or_midnight(facts["answer_until"])},
        _("If you don't answer, it goes to the next person who waits."),
        enquiries(),
    ]


def _waiting_ended(facts: BookingFacts) -> list[str]:
    first, last = (dt.date.fromisoformat(facts[day]) for day in ("first_day", "last_day"))
    days = say_date(first) if first == last else f"{say_date(first)}–{say_date(last)}"
    return [
        _("Two places offered to you went by unanswered, so you are off the waiting list.")
        if facts["unanswered"]
        else _("No place came free for you on %(days)s, so the waiting list is over.")
        % {"days": days},
        _("If you still need to come, book again or take a walk-in number at the office."),
        enquiries(),
    ]


def _earlier_place(facts: BookingFacts) -> list[str]:
    return [
        _("An earlier time is free: %(moment)s.")
        % {"moment": moment_or_midnight(facts["earlier_at"])},
        _("Your booking holds: %(what)s.") % {"what": appointment(facts)},
        _("If you want to come earlier, sign in and move it under My bookings."),
        enquiries(),
    ]


SENTENCES: dict[MessageKind, Callable[[BookingFacts], list[str]]] = {
    MessageKind.WAITING_OFFER: _waiting_offer,
    MessageKind.WAITING_ENDED: _waiting_ended,
    MessageKind.EARLIER_PLACE: _earlier_place,
}
