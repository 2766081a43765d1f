"""The settings of a policy as people say them."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.enums import Channel
from offices.enums import Pool, UrgentReason
from offices.wording import in_chinese, say_full_date, say_list

Text = str | Promise

# In groups, in the order in which they are read.
GROUPS: list[tuple[Text, dict[str, Text]]] = [
    (
        gettext_lazy("When places are given out"),
        {
            "horizon_days": gettext_lazy("Days ahead that can be booked"),
            "release_time": gettext_lazy("A new day is released at"),
            "slot_minutes": gettext_lazy("Length of a window"),
            "minutes_per_person": gettext_lazy("Minutes that a person takes at a counter"),
            "minutes_pre_accepted": gettext_lazy("Of a person whose forms a machine took"),
            "pool_shares": gettext_lazy("Shares of the pools"),
            "channel_pools": gettext_lazy("Which pools a channel takes from"),
            "reserve_release_time": gettext_lazy("Assisted places go online the day before at"),
            "open_on_holidays": gettext_lazy("Weekly hours hold on public holidays"),
        },
    ),
    (
        gettext_lazy("What a booking may be"),
        {
            "max_party": gettext_lazy("Most people in a booking"),
            "max_group": gettext_lazy("Most people in a booking of an organisation"),
            "max_services": gettext_lazy("Most services on a form"),
            "place_per_document": gettext_lazy("A place for each document"),
            "hold_minutes": gettext_lazy("A place is held for"),
            "waiting_offer_minutes": gettext_lazy("An offer of the waiting list is held for"),
            "waiting_last_minutes": gettext_lazy("Nothing is offered before the window for"),
            "reappear_minutes": gettext_lazy("A place that came back is shown within"),
            "change_cutoff_minutes": gettext_lazy("Cancel or move until"),
            "walk_in_always": gettext_lazy("Served without a booking"),
            "appointment_only_from": gettext_lazy("By appointment only from"),
            "urgent_reasons": gettext_lazy("Urgent reasons beside the national ones"),
            "evidence_days": gettext_lazy("Evidence of urgent requests is kept for"),
        },
    ),
    (
        gettext_lazy("The day of the appointment"),
        {
            "reminder_time": gettext_lazy("Reminder the day before at"),
            "reminder_minutes_before": gettext_lazy("Reminder before the window"),
            "free_photos_from": gettext_lazy("Photos free of charge from"),
            "check_in_early_minutes": gettext_lazy("Check-in begins before the window"),
            "check_in_grace_minutes": gettext_lazy("Check-in ends after the window begins"),
            "no_show_limit": gettext_lazy("Missed appointments that suspend"),
            "no_show_window_days": gettext_lazy("Counted over"),
            "suspension_days": gettext_lazy("Suspended for"),
        },
    ),
    (
        gettext_lazy("Duty and alerts"),
        {
            "off_day_leaders": gettext_lazy("Leaders on duty on a day off that is worked"),
            "off_day_officers": gettext_lazy("Officers on duty on a day off that is worked"),
            "holiday_on_call": gettext_lazy("People on call on a public holiday"),
            "suggest_above_percent": gettext_lazy("More places are proposed when so full"),
            "suggest_more_percent": gettext_lazy("Places proposed on top"),
            "wait_alert_minutes": gettext_lazy("Longer hours are proposed at a wait of"),
        },
    ),
]
LABELS: dict[str, Text] = {name: text for _title, texts in GROUPS for name, text in texts.items()}

_UNITS: dict[str, Callable[[int], str]] = {
    "days": lambda n: ngettext("%(n)s day", "%(n)s days", n) % {"n": n},
    "minutes": lambda n: ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n},
    "percent": lambda n: f"{n}%",
}


def label_of(name: str) -> str:
    return str(LABELS.get(name, name))


def channel_label(channel: str) -> str:
    return str(Channel(channel).label) if channel in Channel.values else channel


def say_setting(name: str, value: Any) -> str:
    """A value in words: 14 days; 08:00; yes."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None:
        return _("24:00 of the day before") if name == "change_cutoff_minutes" else _("Not set")
    if isinstance(value, int):
        return _number(name, value)
    if isinstance(value, Mapping):
        return _shares(value) if name == "pool_shares" else _channels(value)
    if isinstance(value, list | tuple):
        return say_list(str(UrgentReason(reason).label) for reason in value) or _("None")
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    return say_full_date(value) if isinstance(value, dt.date) else str(value)


def _number(name: str, value: int) -> str:
    if name == "change_cutoff_minutes":
        text = ngettext("%(n)s minute before the window", "%(n)s minutes before the window", value)
        return text % {"n": value}
    unit = next((say for ending, say in _UNITS.items() if ending in name), str)
    return unit(value)


def _shares(shares: Mapping[str, int]) -> str:
    return say_list(f"{Pool(pool).label} {share}%" for pool, share in shares.items())


def _channels(channels: Mapping[str, Any]) -> str:
    colon, then = ("：", "→") if in_chinese() else (": ", " → ")
    return ("；" if in_chinese() else "; ").join(
        f"{channel_label(channel)}{colon}{then.join(str(Pool(pool).label) for pool in pools)}"
        for channel, pools in channels.items()
    )
