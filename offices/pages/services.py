"""What each service takes: materials, fee and processing days. No sign-in."""

import datetime as dt
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from offices.domain import catalogue
from offices.models import Office, OfficeService, Service, ServiceGuide
from offices.pages.middles import middle
from offices.wording import say_full_date, say_list


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    shown = middle("offices/includes/services.html", today, partial(_list, today))
    return render(request, "offices/services.html", {"middle": shown})


def _list(today: dt.date) -> dict[str, Any]:
    guides = catalogue.guides(today)
    groups = [
        (line.label, [(service, _brief(guides.get(service.pk))) for service in of_line])
        for line, of_line in catalogue.services_by_line(today)
    ]
    return {"groups": groups}


@require_safe
def service(request: HttpRequest, code: str) -> HttpResponse:
    """The guide in force, made to be printed."""
    today = timezone.localdate()
    service = catalogue.public_services(today).get(code)
    if service is None:
        raise Http404
    shown = middle("offices/includes/guide.html", (code, today), partial(_guide, service, today))
    return render(request, "offices/service.html", {"service": service, "middle": shown})


def _guide(service: Service, today: dt.date) -> dict[str, Any]:
    guide = catalogue.guides(today).get(service.pk)
    return {
        "service": service,
        "guide": guide,
        "rows": _rows(service, guide) if guide else [],
        "office_count": _offering(service, today),
    }


def _offering(service: Service, today: dt.date) -> int:
    permissions = OfficeService.objects.in_force(today).filter(service=service)
    return Office.objects.bookable().filter(pk__in=permissions.values("office")).count()


def _brief(guide: ServiceGuide | None) -> str:
    """Fee and days on one line."""
    if guide is None:
        return ""
    days = say_working_days(guide.working_days) if guide.working_days else ""
    return " · ".join(filter(None, [fee_words(guide), days]))


def _rows(service: Service, guide: ServiceGuide) -> list[dict[str, str]]:
    """The facts of a guide, for the summary list."""
    facts = [
        (_("For whom"), service.get_audience_display()),
        (_("Document fee"), fee_words(guide)),
        (_("Processing time"), say_working_days(guide.working_days)),
        (_("Across provinces"), _days_elsewhere(guide)),
        (_("How"), say_list(service.mode_labels) if service.visit_needed else ""),
        (_("Valid from"), say_full_date(guide.valid_from)),
        (_("Basis"), guide.source),
    ]
    return [{"label": label, "value": value} for label, value in facts if value]


def fee_words(guide: ServiceGuide) -> str:
    if guide.fee is None:
        return _("The counter will tell you the fee")
    if guide.fee == 0:
        return _("Free of charge")
    return _("%(fee)s yuan") % {"fee": f"{guide.fee.normalize():f}"}


def say_working_days(days: int | None) -> str:
    if days is None:
        return _("The counter will tell you the time")
    return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}


def _days_elsewhere(guide: ServiceGuide) -> str:
    """For applicants from another province, where that takes longer (XM-06)."""
    days = guide.working_days_elsewhere
    return say_working_days(days) if days is not None else ""
