"""A partner's programme: a client with a key."""

from typing import Any

from rest_framework.test import APIClient

from offices.models import Office
from partners.domain.keys import issue_key
from partners.enums import Scope
from partners.models import Partner
from tests.factories import make_office, resident_number

ALL_SCOPES = tuple(Scope.values)


class Client(APIClient):
    default_format = "json"

    @property
    def credentials_header(self) -> str:
        return str(self._credentials["HTTP_AUTHORIZATION"])


def make_partner(name: str = "114", *offices: Office) -> Partner:
    """A partner at these offices, or at the one of `make_office()`."""
    partner, _created = Partner.objects.get_or_create(name=name)
    partner.offices.add(*(offices or [make_office()]))
    return partner


def make_client(
    *scopes: str, partner: Partner | None = None, language: str = "en", **options: Any
) -> Client:
    """With a new key of these scopes, all by default; answers in English unless asked."""
    _key, token = issue_key(partner or make_partner(), scopes or ALL_SCOPES)
    client = Client(**options)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_ACCEPT_LANGUAGE=language)
    return client


def anyone(language: str = "en") -> Client:
    """Without a key."""
    return Client(HTTP_ACCEPT_LANGUAGE=language)


def booking_body(slot_id: int, *serials: int, **fields: Any) -> dict[str, Any]:
    """What books a first passport for one person, or for each of these serials."""
    return {
        "slot": slot_id,
        "channel": "partner",
        "confirm": True,
        "contact": {"phone": "+8613800138000", "email": "", "language": "zh-hans"},
        "attendees": [attendee(serial) for serial in serials or (1,)],
    } | fields


def attendee(serial: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "name": f"演示{serial}",
        "id_type": "resident_id",
        "id_number": resident_number(serial),
        "services": ["passport-first"],
        "priority": "none",
    } | fields
