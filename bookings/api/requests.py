"""What partners send: parsed into the plain values of the domain."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError as DjangoValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from applicants.contact import parse_email, parse_phone
from applicants.countries import country_choices
from applicants.enums import IdType, Priority
from applicants.identity import parse_identity
from bookings.api.fields import Choice, Strict
from bookings.domain.parties import Contact, Party, Person
from bookings.enums import COURIERED, Channel, Delivery, Purpose
from offices.models import SelfServiceSite

# What a key may book through: the website and the desk have ways of their own.
PARTNER_CHANNELS = [
    (channel.value, channel.label)
    for channel in (Channel.PARTNER, Channel.WECHAT, Channel.PHONE, Channel.KIOSK)
]
MAX_ID = 2**63 - 1
MAX_PARTY = 20
_COUNTRIES = frozenset(code for code, _name in country_choices() if code)


class ContactRequest(Strict):
    """Where messages go: a mobile number, an e-mail address or both."""

    phone = serializers.CharField(
        max_length=30, allow_blank=True, default="", help_text="E.164; without +: mainland China."
    )
    email = serializers.CharField(max_length=254, allow_blank=True, default="")
    language = Choice(settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    def validate_phone(self, phone: str) -> str:
        return _parsed(parse_phone, phone) if phone else ""

    def validate_email(self, email: str) -> str:
        return _parsed(parse_email, email) if email else ""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["phone"] and not attrs["email"]:
            raise serializers.ValidationError(_("Give a phone number or an e-mail address."))
        return attrs


class AttendeeRequest(Strict):
    """A person of the party, as the identity document has them."""

    name = serializers.CharField(max_length=60)
    id_type = Choice(IdType.choices)
    id_number = serializers.CharField(max_length=40)
    birth_date = serializers.DateField(
        required=False, allow_null=True, help_text="Needed where the number doesn't hold it."
    )
    nationality = serializers.CharField(
        max_length=2, allow_blank=True, default="", help_text="ISO 3166-1 alpha-2, e.g. FR."
    )
    services = serializers.ListField(
        child=serializers.CharField(max_length=40), allow_empty=False, max_length=10
    )
    priority = Choice(Priority.choices, default=Priority.NONE)
    accompanied = serializers.BooleanField(
        default=False, help_text="A guardian who applies for nothing comes along."
    )
    student = serializers.BooleanField(
        default=False, source="is_student", help_text="Some sessions are for students."
    )
    home_city = serializers.CharField(
        max_length=40,
        allow_blank=True,
        default="",
        help_text="Some sessions are for the residents of one city, e.g. 厦门 or Xiamen.",
    )

    def validate_nationality(self, code: str) -> str:
        if code and code not in _COUNTRIES:
            raise serializers.ValidationError(_("This is not a country code of ISO 3166-1."))
        return code

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            identity = parse_identity(attrs.pop("id_type"), attrs.pop("id_number"))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"id_number": error.messages}) from error
        return attrs | {"identity": identity}


class BookingRequest(Strict):
    """Places of one window for a whole party. A field that isn't listed here is refused."""

    slot = serializers.IntegerField(min_value=1, max_value=MAX_ID)
    channel = Choice(PARTNER_CHANNELS, default=Channel.PARTNER)
    confirm = serializers.BooleanField(default=True, help_text="False: only hold the places.")
    contact = ContactRequest()
    attendees = AttendeeRequest(  # type: ignore[call-arg]
        many=True, allow_empty=False, max_length=MAX_PARTY
    )
    delivery = Choice(Delivery.choices, default=Delivery.PICKUP)
    delivery_address = serializers.CharField(max_length=200, allow_blank=True, default="")
    purpose = Choice(Purpose.choices, allow_blank=True, default="", help_text="Why they travel.")
    site = serializers.CharField(
        max_length=40,
        allow_blank=True,
        default="",
        help_text="Where the kiosk stands, by the code of its self-service site; kiosks only.",
    )

    def validate_site(self, code: str) -> str:
        if code and not SelfServiceSite.objects.filter(code=code, is_active=True).exists():
            raise serializers.ValidationError(_("There is no self-service site of this code."))
        return code

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["site"] and attrs["channel"] != Channel.KIOSK:
            told = _("Only a booking by the channel kiosk has a site.")
            raise serializers.ValidationError({"site": [told]})
        if attrs["delivery"] not in COURIERED:
            # Kept only where a courier needs it (XM-09).
            attrs["delivery_address"] = ""
        elif not attrs["delivery_address"]:
            told = _("A courier needs an address.")
            raise serializers.ValidationError({"delivery_address": [told]})
        return attrs


# Building a serializer costs more than checking a request with it; checking leaves no trace in it.
_BOOKING_REQUEST = BookingRequest()


def read_booking_request(data: Any) -> dict[str, Any]:
    """What is asked for. Raises serializers.ValidationError."""
    checked: dict[str, Any] = _BOOKING_REQUEST.run_validation(data)
    return checked


class RescheduleRequest(Strict):
    """Where the booking moves to."""

    slot = serializers.IntegerField(min_value=1, max_value=MAX_ID)


class CancelRequest(Strict):
    """Who of the party won't come; without `attendees`, nobody does."""

    attendees = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=MAX_PARTY - 1),
        required=False,
        allow_empty=False,
        max_length=MAX_PARTY,
        help_text="Positions as answered; the others keep their places.",
    )
    accompanied = serializers.BooleanField(
        default=False,
        help_text="A guardian who applies for nothing comes with the children who stay.",
    )

    def validate_attendees(self, positions: list[int]) -> list[int]:
        """Who has left already is known; who was never of the party is a mistake."""
        unknown = set(positions) - {one.position for one in self.context["booking"].attendees.all()}
        if unknown:
            text = _("Nobody of this booking stands at position %(position)s.")
            raise serializers.ValidationError(text % {"position": min(unknown)})
        return positions


class QuotaRequest(Strict):
    """How many places the pool has from now on, and why."""

    capacity = serializers.IntegerField(min_value=0, max_value=10_000)
    reason = serializers.CharField(max_length=200)


def to_party(data: dict[str, Any]) -> Party:
    """The party that the validated data of a BookingRequest asks places for."""
    return Party(
        slot_id=data["slot"],
        channel=data["channel"],
        people=tuple(_to_person(attendee) for attendee in data["attendees"]),
        contact=Contact(**data["contact"]),
        delivery=data["delivery"],
        delivery_address=data["delivery_address"],
        purpose=data["purpose"],
        site=data["site"],
    )


def _to_person(attendee: dict[str, Any]) -> Person:
    return Person(**attendee | {"services": tuple(attendee["services"])})


def _parsed(parse: Any, text: str) -> str:
    try:
        return str(parse(text))
    except DjangoValidationError as error:
        raise serializers.ValidationError(error.messages) from error
