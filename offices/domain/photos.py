"""What a photo for a document costs at a hall (HB-28)."""

import datetime as dt
from decimal import Decimal

from offices.domain.policy import BookingPolicy
from offices.enums import Feature
from offices.models import Office


def photo_fee(office: Office, policy: BookingPolicy, day: dt.date) -> Decimal | None:
    """Yuan: 0 from the policy's day on or, without one, where the hall says so. None: unknown."""
    starts = policy.free_photos_from
    free = Feature.FREE_PHOTOS in office.features if starts is None else starts <= day
    return Decimal(0) if free else None
