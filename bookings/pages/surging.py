"""What the pages of an office and of a bureau have in common when they apply and end plans."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain import surges
from bookings.domain.parties import Actor
from bookings.domain.surges import CAN_END, PeriodState, PlanInForce
from bookings.forms.desk import ReasonForm
from bookings.pages.conflicts import warn_of_conflicts
from offices.models import Office, SurgePeriod, SurgePlan


@dataclass(frozen=True)
class ShownPeriod:
    """A period and where it stands today."""

    period: SurgePeriod
    state: PeriodState

    @property
    def can_end(self) -> bool:
        return self.state in CAN_END


def shown(periods: QuerySet[SurgePeriod], now: dt.datetime) -> list[ShownPeriod]:
    found = periods.select_related("plan__line", "office", "applied_by", "ended_by")
    return [ShownPeriod(period, surges.state_of(period, now)) for period in found]


def asked_days(request: HttpRequest) -> QueryDict | None:
    """The form that asks for days, sent by either method; None where it is still to be filled."""
    sent = request.POST or request.GET
    return sent if "first_day" in sent else None


def put_in_force(
    request: HttpRequest,
    plan: SurgePlan,
    offices: Sequence[Office],
    days: tuple[dt.date, dt.date],
    form: ReasonForm,
    actor: Actor,
    now: dt.datetime,
) -> bool:
    """Apply the plan and say so; False, with an error in the form, where it can't be."""
    reason = form.cleaned_data["reason"]
    try:
        report = surges.apply(plan, offices, *days, reason=reason, actor=actor, now=now)
    except PlanInForce as refusal:
        form.add_error(None, refusal.message)
        return False
    text = ngettext(
        "%(plan)s is applied at %(count)s office.",
        "%(plan)s is applied at %(count)s offices.",
        len(offices),
    )
    messages.success(request, text % {"plan": plan.label, "count": len(offices)})
    warn_of_conflicts(request, len(report.conflicts))
    return True


def end(
    request: HttpRequest,
    periods: Iterable[SurgePeriod],
    form: ReasonForm,
    actor: Actor,
    now: dt.datetime,
) -> None:
    reason = form.cleaned_data["reason"]
    report = surges.end(periods, reason=reason, actor=actor, now=now)
    messages.success(request, _("It was ended. Hours and places are as without the plan."))
    warn_of_conflicts(request, len(report.conflicts))
