"""Missed appointments, and what follows from them."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from applicants.domain.phrases import say_date
from applicants.domain.texts.facts import BookingFacts
from applicants.domain.texts.sentences import appointment, enquiries
from applicants.enums import MessageKind


def _no_show(facts: BookingFacts) -> list[str]:
    return [
        _("You missed your appointment: %(what)s.") % {"what": appointment(facts)},
        _("If you still need to come, book again or take a walk-in number at the office."),
        _("Next time, please cancel when you can't come, so that someone else can."),
    ]


def _suspended(facts: BookingFacts) -> list[str]:
    until = dt.date.fromisoformat(facts["suspended_until"])
    return [
        _("After %(count)s missed appointments you can't book online until %(date)s.")
        % {"count": facts["no_shows"], "date": say_date(until)},
        _("Walk-in numbers, booking by phone and urgent service stay open to you."),
        _("If you think that this is wrong, appeal under “My bookings”, or call %(hotline)s.")
        % {"hotline": settings.HOTLINE},
    ]


def _appeal_decided(facts: BookingFacts) -> list[str]:
    lifted = facts["lifted"]
    return [
        _("Your appeal was upheld: you can book online again.")
        if lifted
        else _("Your appeal was looked at, and the suspension stays."),
        _("Answer of the office: %(answer)s") % {"answer": facts["notice"]},
        *(
            []
            if lifted
            else [_("Walk-in numbers, booking by phone and urgent service stay open to you.")]
        ),
        enquiries(),
    ]


SENTENCES: dict[MessageKind, Callable[[BookingFacts], list[str]]] = {
    MessageKind.NO_SHOW: _no_show,
    MessageKind.SUSPENDED: _suspended,
    MessageKind.APPEAL_DECIDED: _appeal_decided,
}
