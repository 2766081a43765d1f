"""The pages that show loads, forecasts and suggestions, at a desk and on a phone."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from bookings.domain.suggestions import make_suggestions
from bookings.models import Quota, Slot, Suggestion
from offices.enums import Pool, Role, SeasonKind
from offices.models import Office, Season
from tests.conftest import PHONE
from tests.days import make_day
from tests.factories import make_slot
from tests.journeys.conftest import Journey, local_time
from tests.journeys.test_staff import DESK, enter
from tests.staff import make_staff, sign_in

DAY = dt.timedelta(days=1)


@pytest.fixture
def months(office: Office) -> Suggestion:
    """Weeks that are over, a season to come, and a tomorrow that is nearly full."""
    today = office.local_date(timezone.now())
    for n in range(1, 29):
        make_day(office, today - n * DAY, 50, people=40 + n % 20, walk_ins=n % 7)
    Season.objects.create(
        bureau=office.bureau,
        kind=SeasonKind.OTHER,
        name="高峰",
        name_en="Peak",
        first_day=today + 3 * DAY,
        last_day=today + 9 * DAY,
        demand=167,
    )
    for n, taken in enumerate((30, 29, 28, 22)):
        slot: Slot = make_slot(30, office=office, starts_at=local_time(office, 1, 10 + n))
        Quota.objects.filter(slot=slot, pool=Pool.ONLINE).update(taken=taken)
        make_slot(40, office=office, starts_at=local_time(office, 3 + n, 10))
    make_suggestions(timezone.now())
    return Suggestion.objects.get()


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_page_fits_and_can_be_read_by_everybody(
    new_journey: Callable[..., Journey],
    office: Office,
    months: Suggestion,
    base_url: str,
    viewport: dict[str, int],
) -> None:
    account = make_staff(Role.PLANNER, bureau=office.bureau, username="planner")
    walk = enter(new_journey(viewport=viewport), sign_in(Client(), account), base_url)
    desk, bureau = f"/desk/{office.code}", f"/bureau/{office.bureau.code}"
    suggestion = f"{desk}/suggestions/{months.pk}/"
    for path in (
        *(f"{desk}/{page}/" for page in ("month", "load", "compare", "forecast", "suggestions")),
        suggestion,
        f"{bureau}/city/",
        f"{bureau}/forecast/",
    ):
        walk.open(path)
        walk.look()
