"""Messages as they stand in the outbox."""

import datetime as dt
from typing import Any

from applicants.domain.texts.words import WordsOf, words_of
from applicants.enums import Medium, MessageKind
from applicants.models import Message

NOW = dt.datetime(2026, 8, 3, 1, 0, tzinfo=dt.UTC)
FACTS = {
    "number": "K7M2P9QX",
    "city": "厦门",
    "city_en": "Xiamen",
    "office": "厦门出入境办证大厅",
    "office_en": "Xiamen Exit-Entry Hall",
    "address": "镇海路64号",
    "address_en": "64 Zhenhai Road",
    "starts_at": "2026-08-04T10:00:00+08:00",
    "ends_at": "2026-08-04T10:30:00+08:00",
    "places": 1,
    "check_in_minutes": 30,
    "change_until": "2026-08-04T00:00:00+08:00",
    "materials": [{"name": "居民身份证", "name_en": "Resident ID card"}],
}


def make_message(**fields: Any) -> Message:
    """A confirmation to a mainland phone, unless said otherwise."""
    values: dict[str, Any] = {
        "pk": 4711,
        "reference": "K7M2P9QX",
        "kind": MessageKind.CONFIRMED,
        "medium": Medium.SMS,
        "recipient": "+8613800138000",
        "language": "zh-hans",
        "context": FACTS,
        "due_at": NOW,
        "not_after": NOW + dt.timedelta(days=1),
    }
    return Message(**values | fields)


def make_words(**fields: Any) -> tuple[Message, WordsOf]:
    """What a gateway is asked to send."""
    message = make_message(**fields)
    return message, words_of(message)
