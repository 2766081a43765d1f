"""Objections to a suspension: somebody looks at each, and says why they decided so (PIPL 24)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applicants.enums import MessageKind
from applicants.models import Account, Applicant, Suspension
from bookings.domain import messages
from bookings.domain.parties import Actor
from bookings.enums import AppealState
from bookings.models import Appeal, Booking


class AppealRefused(Exception):
    """Made or decided before. `str()` is a sentence in the user's language."""


def suspensions_of(account: Account, now: dt.datetime) -> list[tuple[Applicant, Suspension]]:
    """Those in force for members of the account's household."""
    people = {bytes(each.identity_hash): each for each in account.household.all()}
    in_force = Suspension.objects.filter(
        identity_hash__in=people, starts_at__lte=now, ends_at__gt=now, lifted_at=None
    ).prefetch_related("appeals")
    return [(people[bytes(each.identity_hash)], each) for each in in_force]


def appeal(suspension: Suspension, account: Account, text: str, now: dt.datetime) -> Appeal:
    """Put it before the office whose appointment was missed last. Raises AppealRefused."""
    last = Booking.objects.select_related("slot").get(number=suspension.missed[0])
    try:
        with transaction.atomic():
            # One for each suspension: whoever was answered may still call.
            if suspension.appeals.exists():
                raise AppealRefused(_("An appeal against this suspension was made before."))
            return Appeal.objects.create(
                suspension=suspension,
                office_id=last.slot.office_id,
                account=account,
                text=text,
                made_at=now,
            )
    except IntegrityError as error:
        raise AppealRefused(_("An appeal against this suspension was made before.")) from error


@transaction.atomic
def decide(pk: int, *, lift: bool, answer: str, actor: Actor, now: dt.datetime) -> Appeal:
    """Lift the suspension or let it stand, and tell the appellant why.

    Raises AppealRefused where somebody has decided already.
    """
    one = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("suspension", "account")
        .get(pk=pk)
    )
    if one.state != AppealState.OPEN:
        raise AppealRefused(_("Somebody else has decided this appeal: see what they answered."))
    one.state = AppealState.UPHELD if lift else AppealState.REJECTED
    one.decided_by, one.decided_at, one.answer = actor.operator, now, answer
    one.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if lift:
        one.suspension.lifted_at = now
        one.suspension.save(update_fields=["lifted_at"])
    _tell(one, now)
    return one


def _tell(one: Appeal, now: dt.datetime) -> None:
    last = Booking.objects.select_related("slot__office__bureau").get(
        number=one.suspension.missed[0]
    )
    more = {"lifted": one.state == AppealState.UPHELD, "notice": one.answer, "notice_en": ""}
    messages.announce_with(last, MessageKind.APPEAL_DECIDED, more, now, to=one.account)


def missed_bookings(suspension: Suspension) -> list[Booking]:
    """The appointments that it rests on, newest first."""
    missed = Booking.objects.filter(number__in=suspension.missed)
    return list(missed.select_related("slot__office").order_by("-slot__starts_at"))
