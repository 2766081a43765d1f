"""When a party could first come to each of several offices."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from bookings.models import Quota, Slot
from offices.domain.briefly import Briefly
from offices.domain.policy import policy_for
from offices.models import Office, ServiceLine

_FOR_EVERYBODY = Q(session__isnull=True) | Q(
    session__students_only=False,
    session__residents_of="",
    session__min_age__isnull=True,
    session__max_age__isnull=True,
    session__booking_free=False,
)
# Line, pools of a channel, places.
_Wanted = tuple[int, tuple[str, ...], int]
_kept: Briefly[tuple[int, _Wanted], dt.datetime | None] = Briefly(20_000)
wipe = _kept.forget


def nearest_times(
    needs: Mapping[Office, int], line: ServiceLine, channel: str, now: dt.datetime
) -> dict[int, dt.datetime]:
    """By office id, where there is one. `needs` says how many places the party takes at each.

    A guide for choosing an office: up to a second old, and holds that expired within the last
    minute count as taken. Sessions that aren't for everybody don't count. One query for all
    offices with the same pools and need.
    """
    alike: dict[_Wanted, list[int]] = defaultdict(list)
    for office, places in needs.items():
        alike[line.pk, policy_for(office).pools_for(channel), places].append(office.pk)
    found: dict[int, dt.datetime] = {}
    for wanted, office_ids in alike.items():
        found |= _of_alike(wanted, office_ids, now)
    return found


def _of_alike(wanted: _Wanted, office_ids: list[int], now: dt.datetime) -> dict[int, dt.datetime]:
    def ask(
        missing: Iterable[tuple[int, _Wanted]],
    ) -> dict[tuple[int, _Wanted], dt.datetime | None]:
        first = _first_times(wanted, [office_id for office_id, _wanted in missing], now)
        return {question: first[question[0]] for question in missing}

    answers = _kept.answers(wanted, [(office_id, wanted) for office_id in office_ids], ask)
    return {office_id: first for (office_id, _wanted), first in answers.items() if first}


def _first_times(
    wanted: _Wanted, office_ids: list[int], now: dt.datetime
) -> dict[int, dt.datetime | None]:
    """A short search for each office: it ends at the first window that has room."""
    line_id, pools, places = wanted
    hidden = Case(When(back_at__gt=now, then=F("coming_back")), default=Value(0))
    enough = F("capacity") - places - hidden
    roomy = Quota.objects.filter(
        slot=OuterRef("pk"), pool__in=pools, closed=False, taken__lte=enough
    )
    first = (
        Slot.objects.bookable(now)
        .filter(_FOR_EVERYBODY, Exists(roomy), office=OuterRef("pk"), line=line_id)
        .order_by("starts_at")
        .values("starts_at")[:1]
    )
    offices = Office.objects.filter(pk__in=office_ids).annotate(first=Subquery(first)).order_by()
    return dict(offices.values_list("pk", "first"))
