"""Sentences that several messages share."""

import datetime as dt

from django.conf import settings
from django.utils.translation import gettext as _

from applicants.domain.manage_code import manage_code
from applicants.domain.phrases import (
    comma,
    either,
    in_chinese,
    listed,
    moment_or_midnight,
    say_date,
    say_time,
)
from applicants.domain.texts.facts import BookingFacts


def signed_by_office(facts: BookingFacts) -> str:
    return _("[%(city)s Exit-Entry]") % {"city": either(facts["city"], facts["city_en"])}


def appointment(facts: BookingFacts, *, address: bool = False) -> str:
    """8月3日（周一）10:00–10:30，厦门出入境办证大厅，名额3个，预约号K7M2P9QX."""
    office = either(facts["office"], facts["office_en"])
    where = either(facts["address"], facts["address_en"]) if address else ""
    if site := either(facts.get("site", ""), facts.get("site_en", "")):
        office = _("%(site)s (a service point of %(office)s)") % {"site": site, "office": office}
    elif where:
        office = _("%(office)s (%(address)s)") % {"office": office, "address": where}
    parts = [window(facts), office]
    if facts["places"] > 1:
        parts.append(_("places: %(n)s") % {"n": facts["places"]})
    parts.append(_("booking number %(number)s") % {"number": facts["number"]})
    return comma().join(parts)


def bring(facts: BookingFacts) -> list[str]:
    names = [either(item["name"], item["name_en"]) for item in facts["materials"]]
    return [_("Please bring: %(things)s.") % {"things": listed(names)}] if names else []


def because(facts: BookingFacts) -> list[str]:
    if not facts.get("notice"):
        return []
    reason = either(facts["notice"], facts["notice_en"]).rstrip("。. ")
    return [_("The office moved it: %(reason)s.") % {"reason": reason}]


def check_in_from(facts: BookingFacts) -> str:
    opens = dt.datetime.fromisoformat(facts["starts_at"]) - dt.timedelta(
        minutes=facts["check_in_minutes"]
    )
    return _("You can take your number from %(time)s with your identity document.") % {
        "time": say_time(opens)
    }


def change_until(facts: BookingFacts) -> list[str]:
    if not facts["change_until"]:
        return []
    moment = moment_or_midnight(facts["change_until"])
    return [_("You can move or cancel it until %(moment)s.") % {"moment": moment}]


def cancel_until(facts: BookingFacts) -> list[str]:
    if not facts["change_until"]:
        return []
    text = _("If you can't come, please cancel until %(moment)s, so that someone else can.")
    return [text % {"moment": moment_or_midnight(facts["change_until"])}]


def manage_with(facts: BookingFacts) -> list[str]:
    if not facts.get("without_account"):
        return []
    text = _("Management code %(code)s: with it you can see, move or cancel it on our website.")
    return [text % {"code": manage_code(facts["number"])}]


def enquiries() -> str:
    return _("Questions: %(hotline)s.") % {"hotline": settings.HOTLINE}


def window(facts: BookingFacts) -> str:
    starts = dt.datetime.fromisoformat(facts["starts_at"])
    ends = dt.datetime.fromisoformat(facts["ends_at"])
    between = "" if in_chinese() else ", "
    return f"{say_date(starts)}{between}{say_time(starts)}–{say_time(ends)}"
