"""What happens to a booking."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from applicants.domain.phrases import either
from applicants.domain.texts.facts import BookingFacts
from applicants.domain.texts.sentences import (
    appointment,
    because,
    bring,
    cancel_until,
    change_until,
    check_in_from,
    enquiries,
    manage_with,
)
from applicants.enums import MessageKind


def _confirmed(facts: BookingFacts) -> list[str]:
    return [
        _("You have booked: %(what)s.") % {"what": appointment(facts)},
        check_in_from(facts),
        *change_until(facts),
        *manage_with(facts),
        enquiries(),
    ]


def _rescheduled(facts: BookingFacts) -> list[str]:
    return [
        _("Your booking has moved to: %(what)s.") % {"what": appointment(facts)},
        *because(facts),
        _("The earlier time no longer holds."),
        check_in_from(facts),
        enquiries(),
    ]


def _cancelled(facts: BookingFacts) -> list[str]:
    return [
        _("Your booking is cancelled: %(what)s.") % {"what": appointment(facts)},
        _("If you still need to come, book again or take a walk-in number at the office."),
        enquiries(),
    ]


def _party_reduced(facts: BookingFacts) -> list[str]:
    return [
        _("Fewer people come to your appointment now: %(what)s.") % {"what": appointment(facts)},
        _("The booking stays for the others, under the same number."),
        check_in_from(facts),
        *change_until(facts),
        enquiries(),
    ]


def _reminder_day(facts: BookingFacts) -> list[str]:
    return [
        _("Reminder of your appointment: %(what)s.") % {"what": appointment(facts, address=True)},
        *bring(facts),
        check_in_from(facts),
        *cancel_until(facts),
    ]


def _reminder_hours(facts: BookingFacts) -> list[str]:
    return [
        _("Your appointment is soon: %(what)s.") % {"what": appointment(facts, address=True)},
        *bring(facts),
        check_in_from(facts),
        _("If you are late, you are served with a walk-in number."),
    ]


def _office_notice(facts: BookingFacts) -> list[str]:
    return [
        _("About your appointment: %(what)s.") % {"what": appointment(facts)},
        either(facts["notice"], facts["notice_en"]),
        enquiries(),
    ]


SENTENCES: dict[MessageKind, Callable[[BookingFacts], list[str]]] = {
    MessageKind.CONFIRMED: _confirmed,
    MessageKind.RESCHEDULED: _rescheduled,
    MessageKind.CANCELLED: _cancelled,
    MessageKind.PARTY_REDUCED: _party_reduced,
    MessageKind.REMINDER_DAY: _reminder_day,
    MessageKind.REMINDER_HOURS: _reminder_hours,
    MessageKind.OFFICE_NOTICE: _office_notice,
}
