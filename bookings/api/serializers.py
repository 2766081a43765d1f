"""What the API answers about days, slots, bookings and quotas."""

from typing import Any

from rest_framework import serializers

from applicants.enums import IdType, Priority
from bookings.api.fields import Instant
from bookings.enums import SlotState, Status
from bookings.models import Quota


class DaySerializer(serializers.Serializer[Any]):
    """A day at one office for one line; `places_left` counts windows with room for the party."""

    date = serializers.DateField()
    state = serializers.ChoiceField(SlotState.choices)
    places_left = serializers.IntegerField(help_text="What the caller's channel may take now.")
    booking_free = serializers.BooleanField(
        help_text="There is a session that needs no booking: come and take a number on site."
    )


class AlternativeSerializer(serializers.Serializer[Any]):
    """Another window with room for the party."""

    id = serializers.IntegerField()
    office = serializers.CharField()
    line = serializers.CharField()
    starts_at = Instant()
    ends_at = Instant()
    state = serializers.ChoiceField(SlotState.choices)
    places_left = serializers.IntegerField(help_text="What the caller's channel may take now.")


class SlotSerializer(AlternativeSerializer):
    """A window of one line at one office."""

    opens_at = Instant(help_text="When booking opens.")
    booking_free = serializers.BooleanField(
        help_text="Nothing is booked here: come at the time and take a number on site. Its state "
        "is `closed`."
    )


class BookedSlotSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    office = serializers.CharField(source="office.code")
    line = serializers.CharField(source="line.code")
    starts_at = Instant()
    ends_at = Instant()


class AttendeeSerializer(serializers.Serializer[Any]):
    """In the order in which they were given, without those who left; names and numbers masked."""

    position = serializers.IntegerField(help_text="From 0, as booked: whom `cancel/` names.")
    name = serializers.CharField()
    id_type = serializers.ChoiceField(IdType.choices)
    id_number = serializers.CharField()
    services = serializers.ListField(child=serializers.CharField())
    priority = serializers.ChoiceField(Priority.choices)


class LinksSerializer(serializers.Serializer[Any]):
    """What may be done with the booking now."""

    self = serializers.URLField()
    confirm = serializers.URLField(required=False)
    cancel = serializers.URLField(required=False)
    reschedule = serializers.URLField(required=False)
    check_in = serializers.URLField(required=False)


class BookingSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    channel = serializers.CharField()
    office = serializers.CharField(source="slot.office.code")
    slot = BookedSlotSerializer()
    places = serializers.IntegerField()
    attendees = AttendeeSerializer(many=True)
    expires_at = Instant(allow_null=True, help_text="Set while held: confirm before.")
    links = LinksSerializer()


class MadeBookingSerializer(BookingSerializer):
    manage_code = serializers.CharField(
        help_text="With the number it lets the people see, move or cancel a confirmed booking at "
        "/manage/ without an account. Only this answer and its repetition give it."
    )


class QuotaSerializer(serializers.ModelSerializer[Quota]):
    """The places of a slot for one pool. `version` is what If-Match compares."""

    office = serializers.CharField(source="slot.office.code")
    line = serializers.CharField(source="slot.line.code")
    date = serializers.DateField(source="slot.date")
    starts_at = Instant(source="slot.starts_at")
    ends_at = Instant(source="slot.ends_at")

    class Meta:
        model = Quota
        fields = (
            "id",
            "slot",
            "pool",
            "capacity",
            "taken",
            "version",
            "closed",
            "office",
            "line",
            "date",
            "starts_at",
            "ends_at",
        )
