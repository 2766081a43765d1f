"""Two periods side by side, e.g. before and after Saturdays became full days (HB-05)."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bookings.charts.pairs import Pair, number, pairs
from bookings.domain.comparing import ALL, WEEKENDS, WORKDAYS, Period, change, period
from bookings.pages.desk.gate import Desk, date_of, desk_page
from bookings.pages.desk.load import MOST_DAYS, ONE_DAY
from offices.domain.permissions import Action
from offices.wording import say_day

DAYS_SHOWN = 28


@desk_page(Action.SEE_REPORTS)
@require_safe
def compare(request: HttpRequest, desk: Desk) -> HttpResponse:
    which = request.GET.get("days", ALL)
    which = which if which in (WORKDAYS, WEEKENDS) else ALL
    after_last = date_of(request, "after_last") or desk.today
    after_first = date_of(request, "after_first") or after_last - (DAYS_SHOWN - 1) * ONE_DAY
    before_last = date_of(request, "before_last") or after_first - ONE_DAY
    before_first = date_of(request, "before_first") or before_last - (DAYS_SHOWN - 1) * ONE_DAY
    before = _period(desk, before_first, before_last, which)
    after = _period(desk, after_first, after_last, which)
    figures = _figures(before, after)
    context = {
        "desk": desk,
        "which": which,
        "kinds": [(ALL, _("All days")), (WORKDAYS, _("Working days")), (WEEKENDS, _("Days off"))],
        "before": before,
        "after": after,
        "figures": figures,
        "chart": _chart(before, after, figures) if before.days and after.days else "",
        "here": "load",
    }
    return render(request, "desk/compare.html", context)


def _period(desk: Desk, first: dt.date, last: dt.date, which: str) -> Period:
    first, last = min(first, last), max(first, last)
    return period(desk.office, max(first, last - (MOST_DAYS - 1) * ONE_DAY), last, which)


def _figures(before: Period, after: Period) -> list[Pair]:
    rows = [
        (_("People a day"), before.people, after.people),
        (_("Places a day"), before.places, after.places),
        (_("People for 100 places"), before.fill, after.fill),
        (_("Missed of 100 bookings"), before.missed, after.missed),
    ]
    return [Pair(name, one, other, _change(one, other)) for name, one, other in rows]


def _change(before: float, after: float) -> str:
    percent = change(before, after)
    return "" if percent is None else f"{percent:+d}%"


def _chart(before: Period, after: Period, figures: list[Pair]) -> SafeString:
    label = _("Before and after: %(figures)s") % {
        "figures": "; ".join(
            f"{one.label} {number(one.before)} → {number(one.after)}" for one in figures
        )
    }
    return pairs(label, figures, _said(_("Before"), before), _said(_("After"), after))


def _said(name: str, one: Period) -> str:
    return f"{name} {say_day(one.first)} – {say_day(one.last)}"
