"""What is kept, to take along: plain values under names that stay (PIPL 45)."""

import datetime as dt
from typing import Any

from applicants.models import Applicant, Group, Message, Suspension
from bookings.domain.privacy.kept import Kept
from bookings.models import Booking, HomeVisit, UrgentRequest, WaitingEntry

FORMAT = "yihao-my-data/1"
Values = dict[str, Any]


def as_plain(kept: Kept, now: dt.datetime) -> Values:
    """Ready for JSON. Moments are ISO 8601 in UTC; identity numbers are whole."""
    account = kept.account
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "account": {
            "contact": account.contact,
            "medium": account.medium,
            "language": account.language,
            "created_at": _moment(account.created_at),
            "last_sign_in": _moment(account.last_login),
        },
        "household": [_person(one) for one in kept.household],
        "contact_points": [
            {
                "medium": one.medium,
                "address": one.address,
                "verified_at": _moment(one.verified_at),
            }
            for one in kept.contact_points
        ],
        "identity_platforms": [
            {"level": one.level, "linked_at": _moment(one.linked_at)} for one in kept.platforms
        ],
        "groups": [_group(one.group) for one in kept.groups],
        "bookings": [_booking(one) for one in kept.bookings],
        "urgent_requests": [_urgent(one) for one in kept.urgent],
        "home_visits": [_visit(one) for one in kept.visits],
        "waiting_list": [_waiting(one) for one in kept.waiting],
        "suspensions": _suspensions(kept),
        "appeals": [
            {
                "made_at": _moment(one.made_at),
                "text": one.text,
                "state": one.state,
                "answer": one.answer,
            }
            for one in kept.appeals
        ],
        "consents": [
            {
                "kind": one.kind,
                "for": one.applicant.name if one.applicant else None,
                "version": one.version,
                "given_at": _moment(one.given_at),
                "withdrawn_at": _moment(one.withdrawn_at),
            }
            for one in kept.consents
        ],
        "messages": [_message(one) for one in kept.messages],
    }


def _person(one: Applicant) -> Values:
    return {
        "name": one.name,
        "relation": one.relation,
        "id_type": one.id_type,
        "id_number": one.id_number,
        "birth_date": one.birth_date_text,
        "nationality": one.nationality,
        "priority": one.priority,
        "is_student": one.is_student,
        "home_city": one.home_city,
        "document_expires": one.document_expires_text,
        "added_at": _moment(one.created_at),
    }


def _group(one: Group) -> Values:
    return {
        "name": one.name,
        "credit_code": one.credit_code,
        "state": one.state,
        "asked_at": _moment(one.asked_at),
        "contact_name": one.contact_name,
        "contact_phone": one.contact_phone,
    }


def _booking(one: Booking) -> Values:
    return {
        "number": one.number,
        "status": one.status,
        "office": one.slot.office.name,
        "starts_at": _moment(one.slot.starts_at),
        "made_at": _moment(one.created_at),
        "channel": one.channel,
        "purpose": one.purpose,
        "phone": one.contact_phone,
        "email": one.contact_email,
        "delivery": one.delivery,
        "delivery_address": one.delivery_address,
        "people": [
            {
                "name": person.name,
                "id_type": person.id_type,
                "id_number": person.id_number,
                "birth_date": person.birth_date_text,
                "nationality": person.nationality,
                "priority": person.priority,
                "home_city": person.home_city,
                "services": [each.service.code for each in person.applications.all()],
            }
            for person in one.attendees.all()
        ],
    }


def _request(one: UrgentRequest | HomeVisit) -> Values:
    return {
        "number": one.number,
        "state": one.state,
        "office": one.office.name,
        "made_at": _moment(one.made_at),
        "name": one.name,
        "id_type": one.id_type,
        "id_number": one.id_number,
        "phone": one.contact_phone,
        "email": one.contact_email,
        "services": one.services,
        "answer": one.answer,
    }


def _urgent(one: UrgentRequest) -> Values:
    return _request(one) | {
        "reason": one.reason,
        "needed_by": one.deadline.isoformat(),
        "evidence": [
            {
                "name": file.name,
                "bytes": file.size,
                "uploaded_at": _moment(file.uploaded_at),
                "deleted_at": _moment(file.deleted_at),
            }
            for file in one.evidence.all()
        ],
    }


def _visit(one: HomeVisit) -> Values:
    return _request(one) | {
        "address": one.address,
        "circumstances": one.circumstances,
        "days": [one.first_day.isoformat(), one.last_day.isoformat()],
        "visit_on": one.visit_on.isoformat() if one.visit_on else None,
    }


def _waiting(one: WaitingEntry) -> Values:
    return {
        "office": one.office.name if one.office else one.city,
        "line": one.line.code,
        "days": [one.first_day.isoformat(), one.last_day.isoformat()],
        "places": one.places,
        "state": one.state,
        "made_at": _moment(one.made_at),
    }


def _suspensions(kept: Kept) -> list[Values]:
    """What somebody else booked for the person is counted, and not named."""
    numbers = {booking.number for booking in kept.bookings}
    return [
        _suspension(one, [each for each in one.missed if each in numbers])
        for one in kept.suspensions
    ]


def _suspension(one: Suspension, own: list[str]) -> Values:
    return {
        "from": _moment(one.starts_at),
        "until": _moment(one.ends_at),
        "missed": own,
        "missed_of_others": one.no_shows - len(own),
        "lifted_at": _moment(one.lifted_at),
    }


def _message(one: Message) -> Values:
    return {
        "kind": one.kind,
        "about": one.reference,
        "medium": one.medium,
        "recipient": one.recipient,
        "state": one.state,
        "sent_at": _moment(one.sent_at),
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
