"""Whether somebody without a booking is served: the policy's word (JJ-09)."""

import datetime as dt

from offices.domain.policy import BookingPolicy


def walk_in_allowed(policy: BookingPolicy, day: dt.date) -> bool:
    """Before the day from which an office works by appointment only; without one, always or never.

    Urgent matters and exemptions are served on any day; so is a booked party that comes late.
    """
    if policy.appointment_only_from is not None:
        return day < policy.appointment_only_from
    return policy.walk_in_always
