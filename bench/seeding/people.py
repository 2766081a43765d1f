"""A thousand people whose personal data the application can read, for all rows to share.

A stored value is bound to its column, not to its row: the same thousand serve millions of rows.
"""

from applicants.crypto import encrypt
from applicants.enums import IdType, Medium
from applicants.identity import parse_identity
from applicants.models.account import contact_hash
from bench.people import name, phone, resident_number

COUNT = 1000


def person(n: int) -> tuple[object, ...]:
    """A number, and then bytes as they are stored: see the columns of seed_person."""
    identity = parse_identity(IdType.RESIDENT_ID, resident_number(n))
    return (
        n,
        encrypt(phone(n), "applicants.account.contact"),
        contact_hash(Medium.SMS, phone(n)),
        encrypt(phone(n), "bookings.booking.contact_phone"),
        encrypt(phone(n), "applicants.message.recipient"),
        encrypt(name(n), "bookings.attendee.name"),
        encrypt(identity.number, "bookings.attendee.id_number"),
        identity.hash,
        encrypt(str(identity.birth_date), "bookings.attendee.birth_date_text"),
    )
