"""The way to a bureau's pages: both factors, a role over the bureau."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from applicants.models import Account
from applicants.pages.staff import staff_of, two_factors_required
from bookings.domain.parties import Actor
from offices.domain.organisation import offices_below
from offices.domain.permissions import Action, actions_over, bureau_for
from offices.models import Bureau, Office

Page = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class BureauDesk:
    """A bureau as somebody with a role over it works on it now."""

    bureau: Bureau
    account: Account
    actions: frozenset[Action]
    now: dt.datetime

    @property
    def actor(self) -> Actor:
        return Actor(operator=self.account)

    @property
    def today(self) -> dt.date:
        return timezone.localdate(self.now)

    @property
    def offices(self) -> list[Office]:
        """Its own and those of the bureaus below it, in their order."""
        return list(offices_below(self.bureau))

    def url(self, name: str, *args: object) -> str:
        return reverse(name, args=[self.bureau.code, *args])


def bureau_page(action: Action) -> Callable[[Page], Page]:
    """A page of one bureau, /bureau/<code>/…, for those who may do this over all of it.

    Others get 404, or 403 if they have another role there. The page is called with the request and
    a BureauDesk.
    """

    def decorate(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            account = staff_of(request)
            bureau = bureau_for(account, action, code)
            desk = BureauDesk(bureau, account, actions_over(account, bureau), timezone.now())
            return page(request, desk, *args, **kwargs)

        return two_factors_required(guarded)

    return decorate
