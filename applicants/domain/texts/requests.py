"""News of urgent requests and home visits."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from applicants.domain.phrases import either, moment_or_midnight, say_date
from applicants.domain.texts.facts import BookingFacts
from applicants.domain.texts.sentences import enquiries
from applicants.enums import MessageKind


def _urgent_news(facts: BookingFacts) -> list[str]:
    values = _request_values(facts)
    texts = {
        "asked": _("We have your urgent request %(number)s. You get an answer by %(due)s."),
        "more_needed": _(
            "Your urgent request %(number)s needs more evidence: %(answer)s. "
            "Sign in and add it under My requests."
        ),
        "more_needed_desk": _(
            "Your urgent request %(number)s needs more evidence: %(answer)s. "
            "To add it, come to %(office)s or call %(phone)s."
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
    return [texts[request_event(facts)] % values, enquiries()]


def request_event(facts: BookingFacts) -> str:
    """What happened; who has no account can add nothing on the website."""
    event = facts["event"]
    by_hand = event == "more_needed" and facts.get("without_account")
    return f"{event}_desk" if by_hand else event


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
    return [texts[facts["event"]] % values, enquiries()]


def _request_values(facts: BookingFacts) -> dict[str, str]:
    due, visit = facts.get("due_on"), facts.get("visit_at")
    return {
        "number": facts["number"],
        "office": either(facts["office"], facts["office_en"]),
        "answer": facts["notice"].rstrip("。. "),
        "phone": facts.get("office_phone") or settings.HOTLINE,
        "due": say_date(dt.date.fromisoformat(due)) if due else "",
        "visit": moment_or_midnight(visit) if visit else "",
    }


SENTENCES: dict[MessageKind, Callable[[BookingFacts], list[str]]] = {
    MessageKind.URGENT_NEWS: _urgent_news,
    MessageKind.HOME_VISIT_NEWS: _home_visit_news,
}
