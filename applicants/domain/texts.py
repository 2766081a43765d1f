"""What messages say, in the language of whoever gets them.

A text is a signature and a few short sentences. Chinese ones follow the official text messages
that people know: the sender in 【】, the matter, what to bring, whom to call. No links: official
messages that carry links teach people to trust fraud.
"""

import datetime as dt
from collections.abc import Callable
from typing import NotRequired, TypedDict

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from applicants.domain import site_texts
from applicants.domain.manage_code import manage_code
from applicants.domain.phrases import (
    comma,
    either,
    in_chinese,
    joined,
    listed,
    moment_or_midnight,
    say_date,
    say_time,
)
from applicants.enums import MessageKind
from applicants.models import Message
from applicants.script import traditional


class Thing(TypedDict):
    """Something to bring."""

    name: str
    name_en: str


class BookingFacts(TypedDict):
    """The context of a message about a booking. Moments are ISO 8601 on the office's clock."""

    number: str
    city: str
    city_en: str
    office: str
    office_en: str
    address: str
    address_en: str
    # Where, if not at the office itself.
    site: NotRequired[str]
    site_en: NotRequired[str]
    starts_at: str
    ends_at: str
    places: int
    check_in_minutes: int
    # Empty where the message leaves too late for that.
    change_until: str
    materials: list[Thing]
    # Whoever gets it manages the booking with its code.
    without_account: NotRequired[bool]
    # What the office has to say.
    notice: NotRequired[str]
    notice_en: NotRequired[str]
    # Why online booking is suspended, and until which date.
    suspended_until: NotRequired[str]
    # Until when an offer may be answered; the days that were waited for, and whether in vain
    # because nobody answered; an earlier time than that of the booking.
    answer_until: NotRequired[str]
    first_day: NotRequired[str]
    last_day: NotRequired[str]
    unanswered: NotRequired[bool]
    earlier_at: NotRequired[str]
    no_shows: NotRequired[int]
    # Whether an appeal against it was upheld.
    lifted: NotRequired[bool]
    # What happened to a request, by when it is answered, and when somebody comes.
    event: NotRequired[str]
    due_on: NotRequired[str]
    visit_at: NotRequired[str]


def render(message: Message) -> str:
    """The whole text. Raises KeyError, TypeError or ValueError when the context lacks a fact."""
    if message.language == "zh-hant":
        return traditional(_render(message, "zh-hans"))
    return _render(message, message.language)


def _render(message: Message, language: str) -> str:
    with translation.override(language):
        if sentences := site_texts.SENTENCES.get(message.kind):
            return joined([site_texts.signed(), *sentences(message)])
        facts: BookingFacts = message.context
        return joined([_signed_by_office(facts), *_SENTENCES[MessageKind(message.kind)](facts)])


# --- One function per kind of message ----------------------------------------------------------


def _confirmed(facts: BookingFacts) -> list[str]:
    return [
        _("You have booked: %(what)s.") % {"what": _appointment(facts)},
        _check_in_from(facts),
        *_change_until(facts),
        *_manage_with(facts),
        _enquiries(),
    ]


def _rescheduled(facts: BookingFacts) -> list[str]:
    return [
        _("Your booking has moved to: %(what)s.") % {"what": _appointment(facts)},
        *_because(facts),
        _("The earlier time no longer holds."),
        _check_in_from(facts),
        _enquiries(),
    ]


def _cancelled(facts: BookingFacts) -> list[str]:
    return [
        _("Your booking is cancelled: %(what)s.") % {"what": _appointment(facts)},
        _("If you still need to come, book again or take a walk-in number at the office."),
        _enquiries(),
    ]


def _party_reduced(facts: BookingFacts) -> list[str]:
    return [
        _("Fewer people come to your appointment now: %(what)s.") % {"what": _appointment(facts)},
        _("The booking stays for the others, under the same number."),
        _check_in_from(facts),
        *_change_until(facts),
        _enquiries(),
    ]


def _reminder_day(facts: BookingFacts) -> list[str]:
    return [
        _("Reminder of your appointment: %(what)s.") % {"what": _appointment(facts, address=True)},
        *_bring(facts),
        _check_in_from(facts),
        *_cancel_until(facts),
    ]


def _reminder_hours(facts: BookingFacts) -> list[str]:
    return [
        _("Your appointment is soon: %(what)s.") % {"what": _appointment(facts, address=True)},
        *_bring(facts),
        _check_in_from(facts),
        _("If you are late, you are served with a walk-in number."),
    ]


def _no_show(facts: BookingFacts) -> list[str]:
    return [
        _("You missed your appointment: %(what)s.") % {"what": _appointment(facts)},
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
        _enquiries(),
    ]


def _office_notice(facts: BookingFacts) -> list[str]:
    return [
        _("About your appointment: %(what)s.") % {"what": _appointment(facts)},
        either(facts["notice"], facts["notice_en"]),
        _enquiries(),
    ]


def _urgent_news(facts: BookingFacts) -> list[str]:
    values = _request_values(facts)
    texts = {
        "asked": _("We have your urgent request %(number)s. You get an answer by %(due)s."),
        "more_needed": _(
            "Your urgent request %(number)s needs more evidence: %(answer)s. "
            "Sign in and add it under My requests."
        ),
        "approved": _(
            "Your urgent request %(number)s is approved: %(answer)s. Come to %(office)s without a "
            "booking, with your identity document and the originals of the evidence."
        ),
        "rejected": _(
            "Your urgent request %(number)s was not approved: %(answer)s. "
            "You can book an appointment or come without one."
        ),
        "done": _("Your urgent request %(number)s is done. Follow what the counter told you."),
    }
    return [texts[facts["event"]] % values, _enquiries()]


def _home_visit_news(facts: BookingFacts) -> list[str]:
    values = _request_values(facts)
    texts = {
        "asked": _("We have your request for a home visit %(number)s. The office answers soon."),
        "approved": _(
            "Your home visit %(number)s is approved: %(answer)s. "
            "The office arranges the day and tells you."
        ),
        "rejected": _("Your home visit %(number)s was not approved: %(answer)s."),
        "assigned": _(
            "Your home visit %(number)s is arranged: %(visit)s. Two members of our staff come; "
            "ask to see their service cards."
        ),
        "done": _("Your home visit %(number)s is done."),
    }
    return [texts[facts["event"]] % values, _enquiries()]


def _request_values(facts: BookingFacts) -> dict[str, str]:
    due, visit = facts.get("due_on"), facts.get("visit_at")
    return {
        "number": facts["number"],
        "office": either(facts["office"], facts["office_en"]),
        "answer": facts["notice"].rstrip("。. "),
        "due": say_date(dt.date.fromisoformat(due)) if due else "",
        "visit": moment_or_midnight(visit) if visit else "",
    }


def _waiting_offer(facts: BookingFacts) -> list[str]:
    return [
        _("A place has come free for you: %(what)s.") % {"what": _appointment(facts)},
        _("We hold it for you until %(moment)s. Sign in and accept it under My bookings.")
        % {"moment": moment_or_midnight(facts["answer_until"])},
        _("If you don't answer, it goes to the next person who waits."),
        _enquiries(),
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
        _enquiries(),
    ]


def _earlier_place(facts: BookingFacts) -> list[str]:
    return [
        _("An earlier time is free: %(moment)s.")
        % {"moment": moment_or_midnight(facts["earlier_at"])},
        _("Your booking holds: %(what)s.") % {"what": _appointment(facts)},
        _("If you want to come earlier, sign in and move it under My bookings."),
        _enquiries(),
    ]


_SENTENCES: dict[MessageKind, Callable[[BookingFacts], list[str]]] = {
    MessageKind.CONFIRMED: _confirmed,
    MessageKind.RESCHEDULED: _rescheduled,
    MessageKind.CANCELLED: _cancelled,
    MessageKind.REMINDER_DAY: _reminder_day,
    MessageKind.REMINDER_HOURS: _reminder_hours,
    MessageKind.NO_SHOW: _no_show,
    MessageKind.SUSPENDED: _suspended,
    MessageKind.APPEAL_DECIDED: _appeal_decided,
    MessageKind.OFFICE_NOTICE: _office_notice,
    MessageKind.WAITING_OFFER: _waiting_offer,
    MessageKind.WAITING_ENDED: _waiting_ended,
    MessageKind.EARLIER_PLACE: _earlier_place,
    MessageKind.URGENT_NEWS: _urgent_news,
    MessageKind.HOME_VISIT_NEWS: _home_visit_news,
    MessageKind.PARTY_REDUCED: _party_reduced,
}


# --- Sentences and phrases that several share --------------------------------------------------


def _signed_by_office(facts: BookingFacts) -> str:
    return _("[%(city)s Exit-Entry]") % {"city": either(facts["city"], facts["city_en"])}


def _appointment(facts: BookingFacts, *, address: bool = False) -> str:
    """8月3日（周一）10:00–10:30，厦门出入境办证大厅，名额3个，预约号K7M2P9QX."""
    office = either(facts["office"], facts["office_en"])
    where = either(facts["address"], facts["address_en"]) if address else ""
    if site := either(facts.get("site", ""), facts.get("site_en", "")):
        office = _("%(site)s (a service point of %(office)s)") % {"site": site, "office": office}
    elif where:
        office = _("%(office)s (%(address)s)") % {"office": office, "address": where}
    parts = [_window(facts), office]
    if facts["places"] > 1:
        parts.append(_("places: %(n)s") % {"n": facts["places"]})
    parts.append(_("booking number %(number)s") % {"number": facts["number"]})
    return comma().join(parts)


def _bring(facts: BookingFacts) -> list[str]:
    names = [either(item["name"], item["name_en"]) for item in facts["materials"]]
    return [_("Please bring: %(things)s.") % {"things": listed(names)}] if names else []


def _because(facts: BookingFacts) -> list[str]:
    if not facts.get("notice"):
        return []
    reason = either(facts["notice"], facts["notice_en"]).rstrip("。. ")
    return [_("The office moved it: %(reason)s.") % {"reason": reason}]


def _check_in_from(facts: BookingFacts) -> str:
    opens = dt.datetime.fromisoformat(facts["starts_at"]) - dt.timedelta(
        minutes=facts["check_in_minutes"]
    )
    return _("You can take your number from %(time)s with your identity document.") % {
        "time": say_time(opens)
    }


def _change_until(facts: BookingFacts) -> list[str]:
    if not facts["change_until"]:
        return []
    moment = moment_or_midnight(facts["change_until"])
    return [_("You can move or cancel it until %(moment)s.") % {"moment": moment}]


def _cancel_until(facts: BookingFacts) -> list[str]:
    if not facts["change_until"]:
        return []
    text = _("If you can't come, please cancel until %(moment)s, so that someone else can.")
    return [text % {"moment": moment_or_midnight(facts["change_until"])}]


def _manage_with(facts: BookingFacts) -> list[str]:
    if not facts.get("without_account"):
        return []
    text = _("Management code %(code)s: with it you can see, move or cancel it on our website.")
    return [text % {"code": manage_code(facts["number"])}]


def _enquiries() -> str:
    return _("Questions: %(hotline)s.") % {"hotline": settings.HOTLINE}


def _window(facts: BookingFacts) -> str:
    starts = dt.datetime.fromisoformat(facts["starts_at"])
    ends = dt.datetime.fromisoformat(facts["ends_at"])
    between = "" if in_chinese() else ", "
    return f"{say_date(starts)}{between}{say_time(starts)}–{say_time(ends)}"
