"""What the texts need to know."""

from typing import NotRequired, TypedDict


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
    # Of the office; empty where it has none.
    office_phone: NotRequired[str]
    due_on: NotRequired[str]
    visit_at: NotRequired[str]
