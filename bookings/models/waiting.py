"""The waiting list: who would take a place that comes free, and what they were offered (候补)."""

import datetime as dt
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bookings.enums import OfferState, WaitingKind, WaitingState
from bookings.models.booking import Booking
from offices.models import Office, ServiceLine


class WaitingEntryQuerySet(models.QuerySet["WaitingEntry"]):
    def waiting_on(self, day: dt.date) -> Self:
        """Those who would come on this day."""
        return self.filter(state=WaitingState.WAITING, first_day__lte=day, last_day__gte=day)


class WaitingEntry(models.Model):
    """A household that waits for places, of one office or anywhere in a city.

    Served in the order in which they came, as far as a place fits them. Holds no personal data:
    people are keys of the household. `waiting` are those who want places and have none, also while
    they may be offered no more today; `offered` those whose places are held for them just now. Who
    waits for an earlier time has places, and only wants to be told.
    """

    kind = models.CharField(max_length=10, choices=WaitingKind, default=WaitingKind.PLACE)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waiting"
    )
    # For an earlier time: the booking that they have.
    booking = models.ForeignKey(
        Booking, on_delete=models.CASCADE, null=True, blank=True, related_name="waiting"
    )
    # Null: any office of the city that offers the services.
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="waiting"
    )
    city = models.CharField(max_length=40)
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    # Days at the office, both included.
    first_day = models.DateField()
    last_day = models.DateField()
    # Local times between which a window must begin; null: any.
    from_time = models.TimeField(null=True, blank=True)
    until_time = models.TimeField(null=True, blank=True)
    # Keys of the household's members, and which services each wants.
    people = ArrayField(models.BigIntegerField(), default=list)
    wanted = models.JSONField(default=dict)
    accompanied = models.BooleanField(default=False)
    places = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=WaitingState, default=WaitingState.WAITING)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # At most one offer a day.
    last_offer_at = models.DateTimeField(null=True, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1), name="waiting_for_places"),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="waiting_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(kind="place") | Q(booking__isnull=False),
                name="waiting_earlier_has_booking",
            ),
            # Nobody stands in one queue twice.
            models.UniqueConstraint(
                fields=["account", "kind", "line", "office"],
                condition=Q(state__in=["waiting", "offered"]),
                nulls_distinct=False,
                name="waiting_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["line", "city", "made_at"],
                condition=Q(state="waiting"),
                name="waiting_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"


class WaitingOffer(models.Model):
    """A place that is held for somebody who waited. The hold is a real one: it can't evaporate.

    What became of the booking is what counts; the state follows it.
    """

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="offer")
    made_at = models.DateTimeField()
    # Until when it may be answered. The hold lasts a little longer, so that the place goes from
    # one who waits to the next; and ends by itself if nobody passes it on.
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state="open"), name="waiting_offer_open"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state="open"), name="waiting_offer_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
