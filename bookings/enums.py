"""The words of a promise."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a booking came (XM-10). A policy maps it to pools."""

    WEB = "web", _("Website")
    WECHAT = "wechat", _("WeChat")
    PHONE = "phone", _("Phone")
    KIOSK = "kiosk", _("Community kiosk")
    COUNTER = "counter", _("On site")
    PARTNER = "partner", _("Partner")


class Status(models.TextChoices):
    HELD = "held", _("Held")
    CONFIRMED = "confirmed", _("Confirmed")
    CHECKED_IN = "checked_in", _("Checked in")
    SERVED = "served", _("Served")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("Missed")


# A booking in one of these has its places.
PLACED = (Status.HELD, Status.CONFIRMED, Status.CHECKED_IN, Status.SERVED)
# An attendee of a booking in one of these can't book the same line again (rule 3).
PENDING = (Status.HELD, Status.CONFIRMED, Status.CHECKED_IN)


class SlotState(models.TextChoices):
    NOT_YET_OPEN = "not_yet_open", _("Not open yet")
    OPEN = "open", _("Open")
    FULL = "full", _("Full")
    CLOSED = "closed", _("Closed")


class Delivery(models.TextChoices):
    """How the documents reach their holders; one parcel for the party (XM-07)."""

    PICKUP = "pickup", _("Collect at the office")
    COURIER = "courier", _("Courier to me")
    COURIER_BOTH = "courier_both", _("Courier both ways")


# These take an address.
COURIERED = (Delivery.COURIER, Delivery.COURIER_BOTH)


class Purpose(models.TextChoices):
    """Why people travel (JJ-05)."""

    BUSINESS = "business", _("Business")
    FAMILY = "family", _("Visiting family")
    EMPLOYMENT = "employment", _("Employment")
    STUDY = "study", _("Study")
    TOURISM = "tourism", _("Tourism")
    FRIENDS = "friends", _("Visiting friends")


class EventKind(models.TextChoices):
    HELD = "held", _("Places held")
    CONFIRMED = "confirmed", _("Confirmed")
    RESCHEDULED = "rescheduled", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Hold expired")
    CHECKED_IN = "checked_in", _("Checked in")
    SERVED = "served", _("Served")
    NO_SHOW = "no_show", _("Missed")
    REDUCED = "reduced", _("A person left the party")
    CORRECTED = "corrected", _("Details corrected")
    # The short notice about personal data was read out to whoever has no account.
    INFORMED = "informed", _("Notice about personal data read out")
    RUNNING_LATE = "running_late", _("Said to be late")


class QuotaChangeKind(models.TextChoices):
    SET = "set", _("Set")
    MOVED = "moved", _("Moved between pools")
    CLOSED = "closed", _("Window closed")
    REOPENED = "reopened", _("Window opened again")
    RELEASED = "released", _("Released unclaimed")
    PUBLISHED = "published", _("Follows changed hours")
    ADDED = "added", _("Numbers added")
    FROZEN = "frozen", _("Frozen")
    THAWED = "thawed", _("Given out again")


class RangeVerb(models.TextChoices):
    """What staff do with every window of a range."""

    PERCENT = "percent", _("More or fewer by percent")
    PLACES = "places", _("More or fewer by places")
    SET = "set", _("Set to a number of places")
    FREEZE = "freeze", _("Stop giving out places")
    THAW = "thaw", _("Give out places again")


class RangeOutcome(models.TextChoices):
    """What such a change does to one window, or why nothing."""

    CHANGES = "changes", _("Will change")
    SAME = "same", _("Is so already")
    BELOW_TAKEN = "below_taken", _("Fewer than are taken")
    TOO_MANY = "too_many", _("Too many places")
    CLOSED = "closed", _("Window closed")
    OVER = "over", _("Window over")


class SuggestionKind(models.TextChoices):
    MORE_PLACES = "more_places", _("More places")
    LONGER_HOURS = "longer_hours", _("Longer hours")


class SuggestionOutcome(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    ADJUSTED = "adjusted", _("Adjusted")
    DISMISSED = "dismissed", _("Dismissed")


class Settlement(models.TextChoices):
    """What was done about a booking whose window doesn't take place as it was booked."""

    TOLD = "told", _("Offered another time")
    KEPT = "kept", _("Kept")
    MOVED = "moved", _("Moved")


class WaitingKind(models.TextChoices):
    """What somebody waits for."""

    PLACE = "place", _("A place")
    # They have a booking and would rather come earlier.
    EARLIER = "earlier", _("An earlier time")


class WaitingState(models.TextChoices):
    WAITING = "waiting", _("On the list")
    OFFERED = "offered", _("Offered a place")
    DONE = "done", _("Has a place")
    LEFT = "left", _("Left the list")
    LAPSED = "lapsed", _("No place came free")


class OfferState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Offer accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Not answered in time")


class AppealState(models.TextChoices):
    OPEN = "open", _("Being looked at")
    UPHELD = "upheld", _("Suspension lifted")
    REJECTED = "rejected", _("Suspension stays")


class RequestState(models.TextChoices):
    """Where an urgent request or a home visit stands."""

    SUBMITTED = "submitted", _("Being looked at")
    MORE_NEEDED = "more_needed", _("More evidence needed")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not approved")
    ASSIGNED = "assigned", _("Visit arranged")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RequestEventKind(models.TextChoices):
    """What happens to an urgent request or a home visit."""

    ASKED = "asked", _("Asked for")
    ADDED = "added", _("Evidence added")
    MORE_NEEDED = "more_needed", _("Asked for more evidence")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Not approved")
    ASSIGNED = "assigned", _("Visit arranged")
    ARRIVED = "arrived", _("Given a queue number")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Equipment(models.TextChoices):
    """What goes along to somebody's home (WH-13)."""

    FINGERPRINTS = "fingerprints", _("Fingerprint reader")
    CAMERA = "camera", _("Camera and backdrop")
    CARD_READER = "card_reader", _("ID card reader")
    SIGNATURE = "signature", _("Signature pad")
    LAPTOP = "laptop", _("Laptop with connection")
    PRINTER = "printer", _("Portable printer")
