"""What the figures propose, and what staff make of it."""

import datetime as dt

import pytest

from bookings.domain import surges
from bookings.domain.closing import close_slots
from bookings.domain.deciding import (
    AlreadyDecided,
    NothingToChange,
    StillClosed,
    dismiss,
    follow,
    spread,
)
from bookings.domain.errors import BelowTaken
from bookings.domain.freezing import PlacesFrozen, freeze
from bookings.domain.parties import SYSTEM, Actor
from bookings.domain.quotas import set_quota
from bookings.domain.suggestions import make_suggestions, suggest_longer_hours
from bookings.enums import SuggestionKind, SuggestionOutcome, WaitingState
from bookings.models import Quota, QuotaChange, Slot, Suggestion
from bookings.models.waiting import WaitingEntry
from offices.enums import Pool
from offices.models import Office, OpeningHours, SurgePlan
from tests.citizens import make_account
from tests.days import count_day
from tests.factories import NOW, make_line, make_office, make_slot, quota_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
WHY = "明日约满九成"


@pytest.fixture
def lin() -> Actor:
    return Actor(operator=make_staff(office=make_office()))


def sold(slot: Slot, places: int) -> Slot:
    """So many of the online places are taken, whoever took them."""
    Quota.objects.filter(slot=slot, pool=Pool.ONLINE).update(taken=places)
    return slot


def tomorrow_nearly_full() -> list[Slot]:
    """Three windows of tomorrow with 90 of 100 online places taken."""
    sizes = ((40, 40), (30, 30), (30, 20))
    hour = dt.timedelta(hours=1)
    return [
        sold(make_slot(online=online, walk_in=5, starts_at=NOW + DAY + n * hour), taken)
        for n, (online, taken) in enumerate(sizes)
    ]


def suggested() -> Suggestion:
    assert make_suggestions(NOW) == 1
    return Suggestion.objects.get(outcome=SuggestionOutcome.OPEN)


@pytest.mark.row("FS-11")
def test_ninety_percent_sold_the_day_before_suggests_a_fifth_more(lin):
    slots = tomorrow_nearly_full()
    suggestion = suggested()
    assert (suggestion.kind, suggestion.amount) == (SuggestionKind.MORE_PLACES, 20)
    assert suggestion.facts["terms"] == {
        "limit": 20,
        "waiting": 0,
        "missed": 0,
        "history": 0,
        "most": 50,
    }
    follow(suggestion.pk, 20, reason=WHY, actor=lin, now=NOW)
    assert [quota_of(slot).capacity for slot in slots] == [48, 36, 36]
    assert [quota_of(slot).taken for slot in slots] == [40, 30, 20]
    # Whatever is decided, what is booked already stays.
    with pytest.raises(BelowTaken):
        set_quota(quota_of(slots[0]).pk, 39, version=2, reason="减号", actor=lin, now=NOW)


def test_less_than_the_limit_suggests_nothing_and_each_office_has_its_own():
    sold(make_slot(online=100), 89)
    other = make_office("quiet", policy={"suggest_above_percent": 50, "suggest_more_percent": 10})
    sold(make_slot(online=10, office=other), 5)
    assert suggested().office == other
    assert Suggestion.objects.get().amount == 10


def test_only_tomorrow_on_the_offices_own_clock_and_open_windows_count():
    sold(make_slot(online=10, starts_at=NOW + DAY * 2), 10)
    sold(make_slot(online=10, starts_at=NOW + dt.timedelta(hours=3)), 10)
    closed = sold(make_slot(online=10, line="foreigners"), 10)
    close_slots([closed.pk], reason="停电", actor=SYSTEM, now=NOW)
    assert make_suggestions(NOW) == 0
    # It is Tuesday already in Xiamen, and still Monday in London.
    late = NOW.replace(hour=17)
    london = make_office("london", timezone="Europe/London")
    sold(make_slot(online=10, office=london, starts_at=NOW + DAY + dt.timedelta(hours=9)), 10)
    assert make_suggestions(late) == 2
    found = {one.office.code: one.date.day for one in Suggestion.objects.select_related("office")}
    assert found == {"xiamen-zhenhai": 5, "london": 4}


def test_a_suggestion_is_made_once_and_not_again_after_a_dismissal(lin):
    tomorrow_nearly_full()
    suggestion = suggested()
    assert make_suggestions(NOW) == 0
    dismiss(suggestion.pk, reason="人手不足", actor=lin, now=NOW)
    assert make_suggestions(NOW) == 0
    suggestion.refresh_from_db()
    assert (suggestion.outcome, suggestion.reason) == (SuggestionOutcome.DISMISSED, "人手不足")
    assert (suggestion.decided_by, suggestion.decided_at) == (lin.person, NOW)
    assert not QuotaChange.objects.exists()


def test_what_filled_up_again_is_suggested_again(lin):
    (slot, *_rest) = tomorrow_nearly_full()
    follow(suggested().pk, 20, reason=WHY, actor=lin, now=NOW)
    assert make_suggestions(NOW) == 0
    for quota in Quota.objects.filter(pool=Pool.ONLINE):
        sold(quota.slot, quota.capacity)
    assert suggested().facts["taken"] == 120
    assert slot.office.suggestions.count() == 2


def figures_of(suggestion: Suggestion) -> dict[str, int]:
    return {name: value for name, value in suggestion.facts.items() if name != "terms"}


def test_what_was_missed_lately_lowers_what_is_added():
    slots = tomorrow_nearly_full()
    office, date = slots[0].office, slots[0].date
    for weeks, people in ((1, 30), (2, 41)):
        count_day(office, date - weeks * 7 * DAY, people, missed=people // 10)
    count_day(office, date - 8 * DAY, 29, missed=3)
    suggestion = suggested()
    # Ten of a hundred were missed; 30 and 41 people came on Tuesdays.
    assert figures_of(suggestion) == {
        "taken": 90,
        "capacity": 100,
        "above": 90,
        "missed": 10,
        "people": 36,
        "bookable": 100,
    }
    # Nine of the ninety leave their places to others.
    assert suggestion.amount == 20 - 9


def test_weekdays_that_brought_more_than_there_is_room_for_raise_it():
    slots = tomorrow_nearly_full()
    make_slot(online=0, assisted=20, line="foreigners")
    count_day(slots[0].office, slots[0].date - 7 * DAY, 130)
    # Ten beyond the 120 that all lines have.
    assert suggested().amount == 20 + 9


def wait_for(slot: Slot, places: int, **fields: object) -> WaitingEntry:
    account = make_account(f"+86138001{WaitingEntry.objects.count():05d}")
    values = {
        "account": account,
        "office": slot.office,
        "city": slot.office.city,
        "line": slot.line,
        "first_day": slot.date,
        "last_day": slot.date + DAY,
        "places": places,
        "made_at": NOW,
    }
    return WaitingEntry.objects.create(**(values | fields))


def test_who_waits_and_has_no_place_left_raises_it():
    (slot, *_rest) = tomorrow_nearly_full()
    for places in (12, 3):
        wait_for(slot, places)
    wait_for(slot, 40, first_day=slot.date + DAY)
    wait_for(slot, 40, line=make_line("foreigners"))
    wait_for(slot, 40, state=WaitingState.LEFT)
    suggestion = suggested()
    # Fifteen wait, and ten places are left.
    assert (suggestion.facts["waiting"], suggestion.amount) == (15, 20 + 5)


def test_who_waits_in_vain_is_enough_by_itself():
    slot = sold(make_slot(online=100), 80)
    wait_for(slot, 20)
    assert make_suggestions(NOW) == 0
    wait_for(slot, 4)
    assert suggested().amount == 4


def test_who_would_go_anywhere_in_the_city_is_shared_among_its_halls():
    slots = [
        sold(make_slot(online=100, office=make_office(code, city=city)), 100)
        for code, city in (("one", "厦门"), ("two", "厦门"), ("far", "福州"))
    ]
    wait_for(slots[0], 9, office=None)
    assert make_suggestions(NOW) == 3
    amounts = Suggestion.objects.order_by("office__code").values_list("amount", flat=True)
    assert list(amounts) == [20, 20 + 5, 20 + 5]


def frozen(*slots: Slot) -> None:
    versions = {quota.pk: quota.version for quota in map(quota_of, slots)}
    freeze(versions, reason="设备检修", actor=SYSTEM, now=NOW)


def test_frozen_places_are_neither_counted_nor_added_to(lin):
    slots = tomorrow_nearly_full()
    frozen(slots[2])
    suggestion = suggested()
    assert suggestion.facts["capacity"] == 70
    follow(suggestion.pk, 20, reason=WHY, actor=lin, now=NOW)
    assert [quota_of(slot).capacity for slot in slots] == [48, 36, 30]


def test_where_all_are_frozen_meanwhile_it_says_so(lin):
    slots = tomorrow_nearly_full()
    suggestion = suggested()
    frozen(*slots)
    with pytest.raises(PlacesFrozen, match="网上号源均已冻结"):
        follow(suggestion.pk, 20, reason=WHY, actor=lin, now=NOW)
    suggestion.refresh_from_db()
    assert suggestion.outcome == SuggestionOutcome.OPEN


def test_an_adjusted_amount_is_what_is_done_and_kept(lin):
    slots = tomorrow_nearly_full()
    suggestion = follow(suggested().pk, 10, reason=WHY, actor=lin, now=NOW)
    assert (suggestion.outcome, suggestion.decided_amount) == (SuggestionOutcome.ADJUSTED, 10)
    assert [quota_of(slot).capacity for slot in slots] == [44, 33, 33]
    changes = QuotaChange.objects.all()
    assert {(one.reason, one.account, one.at) for one in changes} == {(WHY, lin.person, NOW)}


def test_who_decides_second_is_told(lin):
    tomorrow_nearly_full()
    suggestion = suggested()
    follow(suggestion.pk, 20, reason=WHY, actor=lin, now=NOW)
    for decide in (
        lambda: follow(suggestion.pk, 20, reason=WHY, actor=lin, now=NOW),
        lambda: dismiss(suggestion.pk, reason="", actor=lin, now=NOW),
    ):
        with pytest.raises(AlreadyDecided, match="已采纳"):
            decide()
    assert QuotaChange.objects.count() == 3


def test_a_day_that_has_passed_cannot_be_changed(lin):
    tomorrow_nearly_full()
    suggestion = suggested()
    with pytest.raises(NothingToChange):
        follow(suggestion.pk, 20, reason=WHY, actor=lin, now=NOW + 2 * DAY)
    suggestion.refresh_from_db()
    assert suggestion.outcome == SuggestionOutcome.OPEN


@pytest.mark.parametrize(
    ("capacities", "percent", "added"),
    [([3, 3, 4], 20, [1, 1, 0]), ([40, 30, 30], 20, [8, 6, 6]), ([1, 1], 1, [1, 0]), ([], 20, [])],
)
def test_windows_share_what_is_added_and_the_sum_is_rounded_up(capacities, percent, added):
    assert spread(capacities, percent) == added


def test_suggestions_cost_the_same_for_one_office_as_for_three(django_assert_num_queries):
    for count in (1, 3):
        Suggestion.objects.all().delete()
        for n in range(count):
            office = make_office(f"hall-{count}-{n}")
            sold(make_slot(online=10, office=office), 10)
        with django_assert_num_queries(7):
            make_suggestions(NOW)


# --- Longer hours --------------------------------------------------------------------------------


def wait_of(office: Office, minutes: int) -> int:
    return suggest_longer_hours(office, make_line(), minutes, waiting=40, now=NOW)


def test_a_wait_up_to_the_limit_suggests_nothing():
    assert wait_of(make_office(), 60) == 0
    assert wait_of(make_office("strict", policy={"wait_alert_minutes": 30}), 31) == 1


def test_longer_hours_follow_the_last_window_for_those_who_wait(lin):
    office = make_office()
    for hours in (1, 2):
        make_slot(online=8, walk_in=4, starts_at=NOW + dt.timedelta(hours=hours))
    assert (wait_of(office, 75), wait_of(office, 80)) == (1, 0)
    suggestion = Suggestion.objects.get()
    assert (suggestion.kind, suggestion.amount) == (SuggestionKind.LONGER_HOURS, 60)
    assert suggestion.facts == {"wait": 75, "waiting": 40, "above": 60}
    follow(suggestion.pk, 60, reason="群众较多", actor=lin, now=NOW)
    session = office.sessions.get()
    assert (session.kind, session.opens, session.closes) == (
        "extended",
        dt.time(11, 30),
        dt.time(12, 30),
    )
    windows = Slot.objects.filter(session=session)
    assert [(quota_of(one).capacity, quota_of(one, Pool.WALK_IN).capacity) for one in windows] == [
        (0, 12),
        (0, 12),
    ]


def test_longer_hours_of_a_surge_have_what_it_adds_once(lin):
    office = make_office()
    OpeningHours.objects.create(
        office=office,
        line=make_line(),
        weekday=0,
        opens=dt.time(14),
        closes=dt.time(17),
        capacity=10,
        valid_from=dt.date(2020, 1, 1),
    )
    today = office.local_date(NOW)
    plan = SurgePlan.objects.create(bureau=office.bureau, code="spring", percent=50)
    surges.apply(plan, [office], today, today, reason="春节", actor=SYSTEM, now=NOW)
    wait_of(office, 75)
    follow(Suggestion.objects.get().pk, 60, reason="群众较多", actor=lin, now=NOW)
    windows = Slot.objects.filter(session__isnull=False)
    assert [quota_of(one, Pool.WALK_IN).capacity for one in windows] == [15, 15]


def test_nothing_follows_a_day_that_is_over_or_would_pass_midnight(lin):
    office = make_office()
    assert wait_of(office, 75) == 1
    suggestion = Suggestion.objects.get()
    with pytest.raises(NothingToChange):
        follow(suggestion.pk, 60, reason="群众较多", actor=lin, now=NOW)
    make_slot(starts_at=NOW + dt.timedelta(hours=14))
    with pytest.raises(NothingToChange):
        follow(suggestion.pk, 60, reason="群众较多", actor=lin, now=NOW)


def test_longer_hours_over_closed_windows_say_that_they_would_open_nothing(lin):
    office = make_office()
    for hours in (1, 2):
        make_slot(online=8, walk_in=4, starts_at=NOW + dt.timedelta(hours=hours))
    closed = [
        make_slot(online=8, starts_at=NOW + dt.timedelta(minutes=minutes)) for minutes in (150, 180)
    ]
    close_slots([slot.pk for slot in closed], reason="停电", actor=SYSTEM, now=NOW)
    wait_of(office, 75)
    with pytest.raises(StillClosed, match="请改为在当日页面重新开放"):
        follow(Suggestion.objects.get().pk, 60, reason="群众较多", actor=lin, now=NOW)
    assert not office.sessions.exists()
    assert Suggestion.objects.get().outcome == SuggestionOutcome.OPEN
