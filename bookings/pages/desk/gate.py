"""The way to a desk: both factors, a membership, the office's clock."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from applicants.models import Account
from applicants.pages.staff import staff_of, two_factors_required
from bookings.domain.parties import Actor
from bookings.models import Slot
from offices.domain.permissions import Action, actions_at, office_for
from offices.models import Office, ServiceLine

Page = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Desk:
    """An office as somebody of its staff works at it now. `actions` are what they may do."""

    office: Office
    account: Account
    actions: frozenset[Action]
    now: dt.datetime

    @property
    def actor(self) -> Actor:
        return Actor(operator=self.account)

    @property
    def today(self) -> dt.date:
        return self.office.local_date(self.now)

    def url(self, name: str, *args: object, **query: object) -> str:
        path = reverse(name, args=[self.office.code, *args])
        return f"{path}?{urlencode(query)}" if query else path

    def lines(self) -> list[ServiceLine]:
        """The lines that this office has ever published windows of."""
        # One look for each line, rather than one at every window that ever was.
        published = Slot.objects.filter(office=self.office, line=OuterRef("pk"))
        return list(ServiceLine.objects.filter(Exists(published)))


def desk_page(action: Action) -> Callable[[Page], Page]:
    """A page of one office, /desk/<code>/…, for those who may do this there.

    Others get 404, or 403 if they see this desk. The page is called with the request and a Desk,
    and speaks of times on the office's clock.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            account = staff_of(request)
            office = office_for(account, action, code)
            desk = Desk(office, account, actions_at(account, office), timezone.now())
            with timezone.override(office.zone):
                return page(request, desk, *args, **kwargs)

        return two_factors_required(guarded)

    return decorate


def asked_day(request: HttpRequest, desk: Desk) -> dt.date:
    """`date` of the query or form; today where it's missing or no date."""
    return date_of(request, "date") or desk.today


def date_of(request: HttpRequest, name: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(_asked(request, name))
    except ValueError:
        return None
    # The days around it must be dates as well.
    return day if 2000 <= day.year < 2100 else None


def asked_line(request: HttpRequest, desk: Desk) -> ServiceLine | None:
    """`line` of the query or form; the first line where it's missing or not of this office."""
    lines = desk.lines()
    chosen = [line for line in lines if line.code == _asked(request, "line")]
    return next(iter(chosen or lines), None)


def _asked(request: HttpRequest, name: str) -> str:
    return request.POST.get(name) or request.GET.get(name, "")
