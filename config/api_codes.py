"""Every code of a refusal, with its title and what a program does about it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from bookings.api.refusals import TITLES as BOOKING_TITLES
from partners.api.problems import TITLES as GENERAL_TITLES
from visits.api.check_in import CheckInBooking


@dataclass(frozen=True)
class ProblemCode:
    code: str
    status: str
    title: Promise
    advice: str


# Status and what to do. A test holds this list to the codes that there are.
_ADVICE = {
    "slot_full": ("409", "Offer one of `alternatives`, or other windows. Places may come back."),
    "slot_not_open": ("409", "`state` says whether it is still to open or already over."),
    "already_booked": ("409", "`errors` points at the people. Cancel or move their booking first."),
    "not_eligible": ("422", "`reasons` lists every rule that is broken, and by whom."),
    "suspended": ("403", "Online booking is withheld `until` then. Phone and counter stay open."),
    "hold_expired": ("409", "The places were given back. Book again."),
    "wrong_status": ("409", "Read the booking: it was cancelled, missed or checked in."),
    "too_late": ("409", "It could be changed `until` then. The office may still help."),
    "not_today": ("409", "Check in on the day of the booking."),
    "too_early": ("409", "Check-in opens shortly before the window; `detail` says when."),
    "below_taken": ("409", "`bookings` stand in the way. Move or cancel them first."),
    "changed_meanwhile": ("412", "`current` is the quota as it is now. Decide again on it."),
    "slot_over": ("409", "A window that has ended keeps its figures."),
    "invalid": ("400", "`errors` lists each mistake with its pointer, parameter or header."),
    "not_authenticated": ("401", "The key is missing, unknown or revoked."),
    "forbidden": ("403", "The key lacks the scope for this."),
    "not_found": ("404", "There is nothing here, or nothing that this key may see."),
    "method_not_allowed": ("405", "`Allow` lists what is offered."),
    "not_acceptable": ("406", "Ask for application/json."),
    "unsupported_media_type": ("415", "Send application/json."),
    "precondition_required": ("428", "Name the version that you read in `If-Match`."),
    "idempotency_in_flight": ("409", "The first request is under way. Ask again in a second."),
    "idempotency_reused": ("422", "The key came with another request. Use a new one."),
    "rate_limited": ("429", "Wait for as many seconds as `Retry-After` says."),
    "unavailable": ("503", "Nothing was promised. Retry with the same Idempotency-Key."),
    "internal_error": ("500", "Our fault. Retry with the same Idempotency-Key."),
}


def problem_codes() -> list[ProblemCode]:
    titles = GENERAL_TITLES | BOOKING_TITLES | CheckInBooking.titles
    return [
        ProblemCode(code, status, titles[code], advice)
        for code, (status, advice) in _ADVICE.items()
    ]
