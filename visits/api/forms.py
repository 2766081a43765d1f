"""What a form kiosk fills in for who shows an identity document at the hall (XM-25)."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError as DjangoValidationError
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from applicants.enums import IdType
from applicants.identity import Identity, parse_identity
from bookings.api.fields import Strict
from bookings.api.refusals import RefusingView
from bookings.api.serializers import AttendeeSerializer, BookedSlotSerializer
from bookings.api.shapes import AttendeeView
from bookings.enums import Delivery, Purpose, Status
from bookings.models import Booking
from offices.models import Office
from partners.api.authentication import caller
from partners.api.permissions import HasScope
from partners.api.schema import refusal
from partners.enums import Scope
from visits.domain.check_in import find_by_identity

ASKED = OpenApiExample(
    "A card that was read",
    {"office": "xiamen-zhenhai", "id_type": "resident_id", "id_number": "350000199001010018"},
    request_only=True,
)
FILLED = OpenApiExample(
    "The form of one booking",
    {
        "forms": [
            {
                "booking": "408823911672",
                "status": "confirmed",
                "slot": {
                    "id": 4711,
                    "office": "xiamen-zhenhai",
                    "line": "mainland",
                    "starts_at": "2026-08-04T02:00:00Z",
                    "ends_at": "2026-08-04T02:30:00Z",
                },
                "person": {
                    "position": 0,
                    "name": "演**",
                    "id_type": "resident_id",
                    "id_number": "350***********0018",
                    "services": ["passport-first", "hkm-permit-first"],
                    "priority": "none",
                },
                "nationality": "",
                "delivery": "pickup",
                "purpose": "tourism",
                "people": 2,
            }
        ]
    },
    response_only=True,
)


class FormRequest(Strict):
    """The document as the kiosk has read it."""

    office = serializers.CharField(max_length=60)
    id_type = serializers.ChoiceField(IdType.choices)
    id_number = serializers.CharField(max_length=40)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            identity = parse_identity(attrs["id_type"], attrs["id_number"])
        except DjangoValidationError as error:
            raise serializers.ValidationError({"id_number": error.messages}) from error
        return {"office": attrs["office"], "identity": identity}


class FormSerializer(serializers.Serializer[Any]):
    """One booking of today; what the card tells, the kiosk knows, and nothing of it is repeated."""

    booking = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    slot = BookedSlotSerializer()
    person = AttendeeSerializer()
    nationality = serializers.CharField()
    delivery = serializers.ChoiceField(Delivery.choices)
    purpose = serializers.ChoiceField([*Purpose.choices, ("", "")])
    people = serializers.IntegerField(help_text="How many come on this booking.")


class FormsSerializer(serializers.Serializer[Any]):
    forms = FormSerializer(many=True)


class Forms(RefusingView):
    permission_classes = [HasScope]
    scopes: ClassVar = {"POST": (Scope.BOOKINGS_READ,)}

    @extend_schema(
        tags=["Bookings"],
        operation_id="forms_fill",
        summary="Fill in the form of who shows a document",
        request=FormRequest,
        responses={
            200: FormsSerializer,
            **refusal(400, "invalid"),
            **refusal(403, "forbidden"),
            **refusal(404, "not_found"),
        },
        examples=[ASKED, FILLED],
    )
    def post(self, request: Request) -> Response:
        """Today's bookings of this person at one of the key's offices, whoever made them. By POST,
        so that no number of a person gets into an address. No booking: an empty list."""
        asked = FormRequest(data=request.data)
        asked.is_valid(raise_exception=True)
        offices = Office.objects.bookable().filter(pk__in=caller(request).office_ids)
        office = get_object_or_404(offices, code=asked.validated_data["office"])
        identity = asked.validated_data["identity"]
        found = find_by_identity(office, identity, timezone.now()).with_details()
        forms = [_form(booking, identity) for booking in found]
        return Response(FormsSerializer({"forms": forms}).data)


def _form(booking: Booking, identity: Identity) -> dict[str, Any]:
    party = list(booking.attendees.all())
    person = next(one for one in party if bytes(one.identity_hash) == identity.hash)
    return {
        "booking": booking.number,
        "status": booking.status,
        "slot": booking.slot,
        "person": AttendeeView.of_attendee(person),
        "nationality": person.nationality,
        "delivery": booking.delivery,
        "purpose": booking.purpose,
        "people": len(party),
    }
