"""The day of an office as one grid, whose numbers a supervisor changes in place."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.domain.errors import BelowTaken, ChangedMeanwhile
from bookings.domain.in_the_way import BookingInTheWay, bookings_in_the_way
from bookings.domain.quotas import QuotasRefused, set_quotas
from bookings.forms.desk import CapacitiesForm, capacity_name
from bookings.models import Quota, QuotaChange
from bookings.pages.desk.gate import Desk, asked_day, asked_line, desk_page
from bookings.pages.desk.grid import Row, add_fields, add_news, rows_of, totals, windows_of
from bookings.wording import say_moment
from offices.domain.permissions import Action
from offices.enums import Pool
from offices.models import Closure, ServiceLine

SEEN = "desk_seen"
SEEN_DAYS = 60


@desk_page(Action.SEE_DESK)
def day(request: HttpRequest, desk: Desk) -> HttpResponse:
    line, date = asked_line(request, desk), asked_day(request, desk)
    rows = rows_of(windows_of(desk.office, line, date), desk.now) if line else []
    if request.method == "POST":
        return _save(request, desk, line, date, rows)
    form = CapacitiesForm(changeable(desk, rows))
    return _show(request, desk, line, date, rows, form)


def _save(
    request: HttpRequest,
    desk: Desk,
    line: ServiceLine | None,
    date: dt.date,
    rows: list[Row],
) -> HttpResponse:
    if Action.CHANGE_QUOTAS not in desk.actions:
        raise PermissionDenied
    form = CapacitiesForm(changeable(desk, rows), request.POST)
    in_the_way: list[BookingInTheWay] = []
    told: list[int] = []
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            changes = set_quotas(form.edits(), reason=reason, actor=desk.actor, now=desk.now)
        except QuotasRefused as refused:
            in_the_way = _explain(form, refused.refusals, desk)
            told = [refusal.quota_id for refusal in refused.refusals]
        else:
            messages.success(request, _saved(len(changes)))
            query = {"date": date.isoformat(), "line": line.code if line else ""}
            return HttpResponseRedirect(desk.url("desk-day", **query))
    form.follow(told)
    return _show(request, desk, line, date, rows, form, in_the_way)


def _show(
    request: HttpRequest,
    desk: Desk,
    line: ServiceLine | None,
    date: dt.date,
    rows: list[Row],
    form: CapacitiesForm,
    in_the_way: Sequence[BookingInTheWay] = (),
) -> HttpResponse:
    add_fields(rows, form)
    add_news(rows, _news_since_last_look(request, desk, line, date, rows))
    context: dict[str, Any] = {
        "desk": desk,
        "line": line,
        "lines": desk.lines(),
        "day": date,
        "day_before": date - dt.timedelta(days=1),
        "day_after": date + dt.timedelta(days=1),
        "rows": rows,
        "pools": Pool.choices,
        "totals": totals(rows),
        "form": form,
        "in_the_way": in_the_way,
        "closures": Closure.objects.filter(
            office=desk.office, first_day__lte=date, last_day__gte=date
        ),
        "editable": bool(form.quotas),
        "here": "day",
    }
    return render(request, "desk/day.html", context)


def changeable(desk: Desk, rows: Iterable[Row]) -> list[Quota]:
    """What the reader may change of these windows."""
    if Action.CHANGE_QUOTAS not in desk.actions:
        return []
    return [
        cell.quota
        for row in rows
        if row.slot.ends_at > desk.now
        for cell in row.cells
        if cell.quota.pk
    ]


def _explain(
    form: CapacitiesForm, refusals: Iterable[BelowTaken | ChangedMeanwhile], desk: Desk
) -> list[BookingInTheWay]:
    """Say at each number why it was refused; the bookings that stand in the way of some."""
    in_the_way: list[BookingInTheWay] = []
    for refusal in refusals:
        name = capacity_name(refusal.quota_id)
        why = refusal.message
        if isinstance(refusal, ChangedMeanwhile):
            why = changed_by(refusal.quota_id, desk) or why
        else:
            in_the_way += bookings_in_the_way(refusal.quota_id, desk.now)
        place = form.fields[name].label
        form.add_error(name, _("%(place)s: %(why)s") % {"place": place, "why": why})
    return in_the_way


def changed_by(quota_id: int, desk: Desk) -> str:
    """Who changed a quota last, when, from what to what and why."""
    change = QuotaChange.objects.filter(quota=quota_id).select_related("account").first()
    if change is None:
        return ""
    return _(
        "%(who)s changed this from %(old)s to %(new)s (%(when)s, “%(reason)s”). "
        "Nothing of yours was saved. To put your number in its place, save again."
    ) % {
        "who": change.account or change.partner or _("The system"),
        "old": change.from_capacity,
        "new": change.to_capacity,
        "when": say_moment(change.at, desk.office.zone),
        "reason": change.reason or change.get_kind_display(),
    }


def _saved(count: int) -> str:
    text = ngettext(
        "%(count)s number saved. It counts from the next booking on.",
        "%(count)s numbers saved. They count from the next booking on.",
        count,
    )
    return text % {"count": count}


def _news_since_last_look(
    request: HttpRequest,
    desk: Desk,
    line: ServiceLine | None,
    date: dt.date,
    rows: Iterable[Row],
) -> dict[int, QuotaChange]:
    """The latest change by others of each quota since this session last showed this day."""
    seen: dict[str, str] = request.session.get(SEEN, {})
    key = f"{desk.office.pk}:{line.pk if line else 0}:{date}"
    last_look = seen.pop(key, None)
    newest_last = list(seen.items())[-SEEN_DAYS:]
    request.session[SEEN] = {**dict(newest_last), key: desk.now.isoformat()}
    if last_look is None:
        return {}
    changes = (
        QuotaChange.objects.filter(
            quota__slot__in=[row.slot for row in rows],
            at__gt=dt.datetime.fromisoformat(last_look),
        )
        .exclude(account=desk.account)
        .select_related("account", "partner")
        .order_by("at", "pk")
    )
    return {change.quota_id: change for change in changes}
