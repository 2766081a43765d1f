"""Examples for the description of the API. The people don't exist."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_SLOT = {
    "id": 4711,
    "office": "xiamen-zhenhai",
    "line": "mainland",
    "starts_at": "2026-08-04T02:00:00Z",
    "ends_at": "2026-08-04T02:30:00Z",
}
_SELF = "https://yihao.example/api/v1/bookings/408823911672/"

DAY = OpenApiExample(
    "A day",
    {"date": "2026-08-04", "state": "open", "places_left": 86, "booking_free": False},
    response_only=True,
)
SLOT = OpenApiExample(
    "A window",
    _SLOT
    | {
        "opens_at": "2026-07-21T00:00:00Z",
        "state": "open",
        "places_left": 12,
        "booking_free": False,
    },
    response_only=True,
)
BOOKING_REQUEST = OpenApiExample(
    "A mother and her daughter",
    {
        "slot": 4711,
        "channel": "partner",
        "confirm": True,
        "contact": {"phone": "+8613800138000", "email": "", "language": "zh-hans"},
        "attendees": [
            {
                "name": "演示甲",
                "id_type": "resident_id",
                "id_number": "350000199001010018",
                "services": ["passport-first", "hkm-permit-first"],
                "priority": "none",
            },
            {
                "name": "演示乙",
                "id_type": "resident_id",
                "id_number": "440000201506010031",
                "services": ["passport-first"],
            },
        ],
    },
    request_only=True,
)
_BOOKING: dict[str, Any] = {
    "number": "408823911672",
    "status": "confirmed",
    "channel": "partner",
    "office": "xiamen-zhenhai",
    "slot": _SLOT,
    "places": 2,
    "attendees": [
        {
            "position": 0,
            "name": "演**",
            "id_type": "resident_id",
            "id_number": "350***********0018",
            "services": ["passport-first", "hkm-permit-first"],
            "priority": "none",
        },
        {
            "position": 1,
            "name": "演**",
            "id_type": "resident_id",
            "id_number": "440***********0031",
            "services": ["passport-first"],
            "priority": "none",
        },
    ],
    "expires_at": None,
    "links": {
        "self": _SELF,
        "cancel": f"{_SELF}cancel/",
        "reschedule": f"{_SELF}reschedule/",
        "check_in": f"{_SELF}check-in/",
    },
}
BOOKING = OpenApiExample("A confirmed booking", _BOOKING, response_only=True)
MADE_BOOKING = OpenApiExample(
    "A booking that was just made", _BOOKING | {"manage_code": "52907413"}, response_only=True
)
QUOTA = OpenApiExample(
    "A quota",
    {
        "id": 1290,
        "slot": 4711,
        "pool": "online",
        "capacity": 30,
        "taken": 22,
        "version": 3,
        "closed": False,
        "office": "xiamen-zhenhai",
        "line": "mainland",
        "date": "2026-08-04",
        "starts_at": "2026-08-04T02:00:00Z",
        "ends_at": "2026-08-04T02:30:00Z",
    },
    response_only=True,
)
QUOTA_REQUEST = OpenApiExample(
    "More places", {"capacity": 45, "reason": "暑期高峰，增开窗口"}, request_only=True
)


def _problem(status: int, code: str, title: str, detail: str, **members: Any) -> dict[str, Any]:
    return {
        "type": f"/api/v1/docs/#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **members,
    }


SLOT_FULL = _problem(
    409,
    "slot_full",
    "Not enough places left",
    "This time no longer has 2 places. Please choose one of the others.",
    alternatives=[_SLOT | {"id": 4713, "state": "open", "places_left": 12}],
)
_WAYS = [
    {
        "code": "bring_adult",
        "label": "Tick an adult as well, or say that an adult comes along",
        "url": "https://yihao.example/book/people/",
    },
    {
        "code": "call",
        "label": "Call and have a member of staff book or change it for you",
        "url": "tel:12367",
    },
]
NOT_ELIGIBLE = _problem(
    422,
    "not_eligible",
    "This party can't book this",
    "演示乙 is under 16 and must come with a guardian.",
    reasons=[
        {
            "code": "guardian_needed",
            "detail": "演示乙 is under 16 and must come with a guardian.",
            "pointer": "#/attendees/0",
            "source": "National guidance on applying for exit-entry documents",
            "do": _WAYS,
        }
    ],
    do=_WAYS,
)
INVALID = _problem(
    400,
    "invalid",
    "The request has mistakes",
    "The last character does not match the others. Check each digit.",
    errors=[
        {
            "pointer": "#/attendees/0/id_number",
            "detail": "The last character does not match the others. Check each digit.",
        }
    ],
)
BELOW_TAKEN = _problem(
    409,
    "below_taken",
    "More places are taken",
    "22 places are already taken, so the quota can't go down to 20.",
    taken=22,
    bookings=["408823911672"],
)
