"""What offices offer, kept in the process for a second: it changes by the week, and every booking
asks for it.

Nothing here decides who has a place, and no caller changes what it gets. After a change each
process answers with the old facts for at most `FACTS_KEPT_SECONDS`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from threading import Lock
from typing import TypeVar

from cachetools import TTLCache, cached
from django.conf import settings

from offices.models import Office, OfficeService, Service, ServiceGuide, ServiceLine, Session

Known = TypeVar("Known", bound=Callable[..., object])


def kept_briefly(most: int) -> Callable[[Known], Known]:
    """Keep the last `most` answers for a second. The arguments must be hashable."""
    return cached(TTLCache(most, ttl=settings.FACTS_KEPT_SECONDS), lock=Lock())


@kept_briefly(5_000)
def office(office_id: int) -> Office:
    """The office with its bureaus, for `policy_for`. Raises Office.DoesNotExist."""
    found = Office.objects.select_related("bureau__parent__parent").get(pk=office_id)
    bureau = found.bureau
    while bureau.parent is not None:
        bureau = bureau.parent
    return found


@kept_briefly(500)
def line(line_id: int) -> ServiceLine:
    """Raises ServiceLine.DoesNotExist."""
    return ServiceLine.objects.get(pk=line_id)


@kept_briefly(500)
def session(session_id: int) -> Session:
    """Raises Session.DoesNotExist."""
    return Session.objects.get(pk=session_id)


@kept_briefly(1)
def services() -> Mapping[str, Service]:
    """All active services with their lines, by code."""
    active = Service.objects.filter(is_active=True).select_related("line")
    return {service.code: service for service in active}


@kept_briefly(60)
def guides(day: dt.date) -> Mapping[int, ServiceGuide]:
    """The guide in force on that day, by the id of its service."""
    return {guide.service_id: guide for guide in ServiceGuide.objects.in_force(day)}


@kept_briefly(20_000)
def offered(office_id: int, day: dt.date) -> frozenset[str]:
    """Codes of the services that the office handles on that day."""
    permissions = OfficeService.objects.in_force(day).filter(office=office_id)
    return frozenset(permissions.values_list("service__code", flat=True))
