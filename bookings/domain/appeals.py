"""Objections to a suspension: somebody looks at each, and says why they decided so (PIPL 24)."""

import datetime as dt

from django.db import transaction
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from applicants.domain import outbox
from applicants.enums import MessageKind
from applicants.models import Account, Applicant, Message, Suspension
from bookings.domain.messages import NEWS_LASTS
from bookings.domain.parties import Actor
from bookings.enums import AppealState
from bookings.models import Appeal, Booking


class AppealRefused(Exception):
    """Made or decided before. `str()` is a sentence in the user's language."""


def suspensions_of(account: Account, now: dt.datetime) -> list[tuple[Applicant, Suspension]]:
    """Those in force for members of the account's household.

    Their `appeals` are the account's own: others may have the same person on their list.
    """
    people = {bytes(each.identity_hash): each for each in account.household.all()}
    in_force = Suspension.objects.filter(
        identity_hash__in=people, starts_at__lte=now, ends_at__gt=now, lifted_at=None
    ).prefetch_related(Prefetch("appeals", Appeal.objects.filter(account=account)))
    return [(people[bytes(each.identity_hash)], each) for each in in_force]


@transaction.atomic
def appeal(suspension: Suspension, account: Account, text: str, now: dt.datetime) -> Appeal:
    """Put it before the office whose appointment was missed last. Raises AppealRefused."""
    current = Suspension.objects.select_for_update(no_key=True).get(pk=suspension.pk)
    if current.lifted_at:
        raise AppealRefused(_("The suspension has been lifted."))
    # One of each account: whoever was answered may still call.
    if current.appeals.filter(account=account).exists():
        raise AppealRefused(_("An appeal against this suspension was made before."))
    last = Booking.objects.select_related("slot").get(number=current.missed[0])
    return current.appeals.create(
        office_id=last.slot.office_id, account=account, text=text, made_at=now
    )


@transaction.atomic
def decide(pk: int, *, lift: bool, answer: str, actor: Actor, now: dt.datetime) -> Appeal:
    """Lift the suspension or let it stand, and tell the appellant why.

    Where it is lifted, whoever else appealed against it is told so. Raises AppealRefused where
    somebody has decided already.
    """
    suspension = Suspension.objects.select_for_update(of=("self",), no_key=True).get(appeals=pk)
    appeals = suspension.appeals.select_related("account", "office")
    one = appeals.get(pk=pk)
    if one.state != AppealState.OPEN:
        raise AppealRefused(_("Somebody else has decided this appeal: see what they answered."))
    _settle(one, AppealState.UPHELD if lift else AppealState.REJECTED, answer, actor, now)
    if lift:
        suspension.lifted_at = now
        suspension.save(update_fields=["lifted_at"])
        for other in appeals.filter(state=AppealState.OPEN):
            _settle(other, AppealState.UPHELD, _lifted_for(other.account), actor, now)
    return one


def others_of(one: Appeal) -> list[Appeal]:
    """Those of other accounts against the same suspension, oldest first."""
    return list(one.suspension.appeals.exclude(pk=one.pk))


def appeal_reference(one: Appeal) -> str:
    """Of messages about it. The missed booking may be somebody else's."""
    return f"appeal:{one.pk}"


def _settle(one: Appeal, state: AppealState, answer: str, actor: Actor, now: dt.datetime) -> None:
    one.state, one.answer = state, answer
    one.decided_by, one.decided_at = actor.operator, now
    one.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _tell(one, now)


def _lifted_for(account: Account) -> str:
    """What somebody else was answered may be about them."""
    with translation.override(account.language):
        return _("The suspension has been lifted.")


def _tell(one: Appeal, now: dt.datetime) -> None:
    account, office = one.account, one.office
    if not account.ways:
        return
    message = Message(
        reference=appeal_reference(one),
        kind=MessageKind.APPEAL_DECIDED,
        language=account.language,
        context={
            "city": office.city,
            "city_en": office.city_en,
            "office": office.name,
            "office_en": office.name_en,
            "lifted": one.state == AppealState.UPHELD,
            "notice": one.answer,
            "notice_en": "",
        },
        due_at=now,
        not_after=now + NEWS_LASTS,
    )
    outbox.write([message.address_to(account.ways)])


def missed_bookings(suspension: Suspension) -> list[Booking]:
    """The appointments that it rests on, newest first."""
    missed = Booking.objects.filter(number__in=suspension.missed)
    return list(missed.select_related("slot__office").order_by("-slot__starts_at"))
