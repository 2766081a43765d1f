"""What offices offer, kept in the process: it changes by the week, and every booking asks for it.

Nothing here decides who has a place, and no caller changes what it gets. The database numbers the
states of these tables (migration 0002); once in `FACTS_KEPT_SECONDS` a process asks for the number
and forgets what belongs to an older one.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from itertools import groupby
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import Min

from offices.domain.permissions import with_those_above
from offices.models import (
    Notice,
    Office,
    OfficeService,
    Service,
    ServiceGuide,
    ServiceLine,
    Session,
)

Asked = ParamSpec("Asked")
Fact = TypeVar("Fact")


class _State:
    """The number of the state that this process knows."""

    number = 0
    ask_again_at = 0.0

    def current(self) -> int:
        if time.monotonic() >= self.ask_again_at:
            with connection.cursor() as cursor:
                cursor.execute("SELECT number FROM offices_catalogue_state")
                self.number = cursor.fetchone()[0]
            self.ask_again_at = time.monotonic() + settings.FACTS_KEPT_SECONDS
        return self.number


_state = _State()


def ask_again() -> None:
    """Have this process look for changes with the next question."""
    _state.ask_again_at = 0.0


def kept(most: int) -> Callable[[Callable[Asked, Fact]], Callable[Asked, Fact]]:
    """Keep the last `most` answers while the catalogue stays as it is."""

    def keeping(find: Callable[Asked, Fact]) -> Callable[Asked, Fact]:
        # With the state in the key, an answer that was read before a change isn't kept after it.
        @lru_cache(most)
        def found(_state_number: int, *args: Any, **kwargs: Any) -> Any:
            return find(*args, **kwargs)

        @wraps(find)
        def answer(*args: Asked.args, **kwargs: Asked.kwargs) -> Fact:
            fact: Fact = found(_state.current(), *args, **kwargs)  # type: ignore[arg-type]
            return fact

        return answer

    return keeping


@kept(5_000)
def office(office_id: int) -> Office:
    """The office with its bureaus, for `policy_for`. Raises Office.DoesNotExist."""
    found = Office.objects.select_related("bureau__parent__parent").get(pk=office_id)
    bureau = found.bureau
    while bureau.parent is not None:
        bureau = bureau.parent
    return found


@kept(1)
def active_offices() -> Mapping[str, int]:
    """Their ids by code, in the order of cities."""
    return dict(Office.objects.bookable().values_list("code", "pk"))


@kept(500)
def line(line_id: int) -> ServiceLine:
    """Raises ServiceLine.DoesNotExist."""
    return ServiceLine.objects.get(pk=line_id)


@kept(1)
def lines() -> Mapping[str, ServiceLine]:
    """All lines by code, in their order."""
    return {line.code: line for line in ServiceLine.objects.all()}


@kept(500)
def session(session_id: int) -> Session:
    """Raises Session.DoesNotExist."""
    return Session.objects.get(pk=session_id)


@kept(1)
def services() -> Mapping[str, Service]:
    """All active services with their lines, by code."""
    active = Service.objects.filter(is_active=True).select_related("line")
    dated = active.annotate(begins=Min("guides__valid_from")).order_by("sort_order", "code")
    found: dict[str, Service] = {}
    for service in dated:
        service.first_day = service.begins
        found[service.code] = service
    return found


def public_services(day: dt.date) -> Mapping[str, Service]:
    """Those that citizens see on that day, by code: not what is still to come."""
    return {code: service for code, service in services().items() if service.is_live(day)}


def services_by_line(day: dt.date) -> list[tuple[ServiceLine, list[Service]]]:
    """The services that citizens see on that day, in the order of their lines."""
    in_order = sorted(
        public_services(day).values(),
        key=lambda service: (service.line.sort_order, service.line_id, service.sort_order),
    )
    return [
        (line, list(of_line)) for line, of_line in groupby(in_order, key=lambda each: each.line)
    ]


@kept(60)
def guides(day: dt.date) -> Mapping[int, ServiceGuide]:
    """The guide in force on that day, by the id of its service."""
    return {guide.service_id: guide for guide in ServiceGuide.objects.in_force(day)}


def offered(office_id: int, day: dt.date) -> frozenset[str]:
    """Codes of the services that the office handles on that day."""
    return frozenset(
        code
        for code, first, last in _permissions(office_id)
        if first <= day and (last is None or day <= last)
    )


@kept(5_000)
def _permissions(office_id: int) -> list[tuple[str, dt.date, dt.date | None]]:
    permissions = OfficeService.objects.filter(office=office_id)
    return list(permissions.values_list("service__code", "valid_from", "valid_until"))


def notices(day: dt.date, office_id: int | None = None) -> list[Notice]:
    """What bureaus have to say on that day: all of them, or those above one office (JJ-21)."""
    above = None if office_id is None else with_those_above(office(office_id).bureau)
    return [
        notice
        for notice in _notices()
        if notice.first_day <= day <= notice.last_day
        and (above is None or notice.bureau_id in above)
    ]


@kept(1)
def _notices() -> list[Notice]:
    return list(Notice.objects.select_related("bureau"))
