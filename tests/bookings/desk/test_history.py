"""Who changed what, and setting it back."""

import csv
import datetime as dt
import io

import pytest
import time_machine

from bookings.domain.closing import close_day, close_slots
from bookings.domain.freezing import freeze
from bookings.domain.parties import Actor
from bookings.domain.quotas import QuotaEdit, set_quota, set_quotas
from bookings.enums import QuotaChangeKind
from bookings.models import QuotaChange, Slot
from offices.enums import Role
from offices.models import Closure
from tests.factories import NOW, make_office, make_slot, quota_of
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
HISTORY = "/desk/xiamen-zhenhai/history/"


@pytest.fixture
def actor(supervisor) -> Actor:
    return Actor(operator=supervisor)


def undo_url(change: QuotaChange) -> str:
    return f"{HISTORY}{change.pk}/undo/"


def seen(change: QuotaChange) -> dict[str, object]:
    change.quota.refresh_from_db()
    return {f"version_{change.quota_id}": change.quota.version, "reason": "撤销：高峰"}


def raised(actor, *, at=NOW, to: int = 45) -> QuotaChange:
    quota = quota_of(make_slot(online=30))
    set_quota(quota.pk, to, version=1, reason="高峰", actor=actor, now=at)
    return QuotaChange.objects.get(quota=quota)


def test_the_history_says_who_when_from_what_to_what_and_why(desk, actor):
    raised(actor)
    text = desk.get(HISTORY).text
    for said in ("08-03 09:00", "supervisor", "30 → 45", "高峰", "恢复为30"):
        assert said in text


def test_what_was_done_in_one_go_is_one_entry(desk, actor):
    slots = [make_slot(starts_at=NOW + dt.timedelta(hours=h)) for h in (25, 26, 27, 28)]
    edits = [QuotaEdit(quota_of(slot).pk, 12, 1) for slot in slots]
    set_quotas(edits, reason="高峰", actor=actor, now=NOW)
    [entry] = desk.get(HISTORY).context["entries"]
    assert len(entry) == 4


def test_it_is_filtered_by_day_and_by_person(desk, actor, hall):
    colleague = make_staff(office=hall, username="colleague")
    mine = raised(actor)
    quota = mine.quota
    set_quota(
        quota.pk,
        50,
        version=2,
        reason="再加",
        actor=Actor(operator=colleague),
        now=NOW - dt.timedelta(days=2),
    )
    theirs = QuotaChange.objects.get(account=colleague)

    def shown(query: str) -> list[QuotaChange]:
        return [c for entry in desk.get(HISTORY + query).context["entries"] for c in entry]

    assert shown("") == [mine, theirs]
    assert shown(f"?who={colleague.pk}") == [theirs]
    assert shown("?first=2026-08-02") == [mine]
    assert shown("?last=2026-08-01") == [theirs]
    assert shown("?who=nobody&first=never") == [mine, theirs]


def test_changes_of_other_offices_are_not_shown(desk, actor):
    elsewhere = quota_of(make_slot(office=make_office("harbin-city")))
    set_quota(elsewhere.pk, 5, version=1, reason="别处", actor=actor, now=NOW)
    assert desk.get(HISTORY).context["entries"] == []


def test_it_goes_over_pages(desk, actor):
    quota = quota_of(make_slot(online=30))
    for n in range(25):
        at = NOW - dt.timedelta(minutes=n)
        set_quota(quota.pk, 31 + n, version=1 + n, reason="调整", actor=actor, now=at)
    assert len(desk.get(HISTORY).context["entries"]) == 20
    assert len(desk.get(f"{HISTORY}?page=2").context["entries"]) == 5


def test_it_is_downloaded_as_a_table_that_no_spreadsheet_takes_for_formulas(desk, actor):
    quota = quota_of(make_slot(online=30))
    set_quota(quota.pk, 45, version=1, reason="=HYPERLINK()", actor=actor, now=NOW)
    response = desk.get(f"{HISTORY}?format=csv")
    assert response["Content-Disposition"] == (
        'attachment; filename="changes-xiamen-zhenhai-2026-07-04-2026-08-03.csv"'
    )
    body = b"".join(response.streaming_content).decode()
    assert body.startswith("\ufeff")
    head, row = csv.reader(io.StringIO(body.removeprefix("\ufeff")))
    assert len(head) == len(row) == 9
    assert row[0] == "2026-08-03 09:00:00"
    assert row[3] == "2026-08-04 10:00"
    assert row[6:] == ["30", "45", "'=HYPERLINK()"]


def test_a_change_is_set_back_after_a_look_at_what_that_does(desk, actor, supervisor):
    change = raised(actor)
    assert desk.get(undo_url(change)).status_code == 200
    assert desk.post(undo_url(change), seen(change)).status_code == 302
    assert quota_of(change.quota.slot).capacity == 30
    latest = QuotaChange.objects.first()
    assert (latest.from_capacity, latest.to_capacity, latest.reason) == (45, 30, "撤销：高峰")
    assert latest.account == supervisor


def test_a_change_that_was_overtaken_is_not_set_back_unseen(desk, actor):
    change = raised(actor)
    fields = seen(change)
    set_quota(change.quota_id, 50, version=2, reason="再加", actor=actor, now=NOW)
    response = desk.post(undo_url(change), fields)
    assert len(response.context["form"].non_field_errors()) == 1
    assert quota_of(change.quota.slot).capacity == 50


def test_setting_back_needs_a_reason_and_leaves_what_is_over(desk, actor):
    change = raised(actor)
    assert list(
        desk.post(undo_url(change), seen(change) | {"reason": ""}).context["form"].errors
    ) == ["reason"]
    desk.get(HISTORY)
    with time_machine.travel(NOW + 26 * HOUR, tick=False):
        sign_in(desk, change.account)
        response = desk.post(undo_url(change), seen(change))
        assert response.context["form"].non_field_errors() == ["该时段已结束，不能再调整名额。"]


def test_a_closed_window_is_opened_again_from_the_history_and_closed_again(desk, actor):
    slot = make_slot()
    close_slots([slot.pk], reason="停电", actor=actor, now=NOW)
    desk.post(undo_url(QuotaChange.objects.first()), {"reason": "供电恢复"})
    assert Slot.objects.get().closed_at is None
    desk.post(undo_url(QuotaChange.objects.first()), {"reason": "又停电"})
    assert Slot.objects.get().close_reason == "又停电"


def test_a_closed_day_leads_to_opening_the_day(desk, actor, hall):
    slot = make_slot()
    close_day(hall, None, slot.date, reason="台风", actor=actor, now=NOW)
    response = desk.get(undo_url(QuotaChange.objects.first()))
    closure = Closure.objects.get()
    assert response.url == f"/desk/xiamen-zhenhai/closures/{closure.pk}/reopen/"


def test_who_only_looks_sets_nothing_back(client, actor, hall):
    change = raised(actor)
    sign_in(client, make_staff(Role.OVERSEER, office=hall))
    assert "恢复为30" not in client.get(HISTORY).text
    assert client.post(undo_url(change), seen(change)).status_code == 403
    assert quota_of(change.quota.slot).capacity == 45


def test_a_change_of_another_office_does_not_exist_at_this_desk(desk, actor):
    elsewhere = quota_of(make_slot(office=make_office("harbin-city")))
    set_quota(elsewhere.pk, 5, version=1, reason="别处", actor=actor, now=NOW)
    change = QuotaChange.objects.get()
    assert desk.get(undo_url(change)).status_code == 404
    assert desk.post(undo_url(change), seen(change)).status_code == 404


def test_it_is_filtered_by_line_kind_and_words_of_the_reason(desk, actor):
    mine = raised(actor)
    foreign = quota_of(make_slot(line="foreigners"))
    set_quota(foreign.pk, 5, version=1, reason="系统检修", actor=actor, now=NOW)
    freeze({foreign.pk: 2}, reason="系统检修", actor=actor, now=NOW)
    theirs, frozen = QuotaChange.objects.filter(quota=foreign).order_by("version")

    def shown(query: str) -> set[QuotaChange]:
        return {c for entry in desk.get(HISTORY + query).context["entries"] for c in entry}

    def searched(**fields: str) -> set[QuotaChange]:
        page = desk.post(HISTORY, fields, follow=True)
        return {c for entry in page.context["entries"] for c in entry}

    assert shown("?line=mainland") == {mine}
    assert shown("?line=nowhere") == {mine, theirs, frozen}
    assert shown("?kind=frozen") == {frozen}
    assert searched(kind="set", text="检修") == {theirs}
    assert searched(text="高峰") == {mine}
    rows = b"".join(desk.get(f"{HISTORY}?kind=frozen&format=csv").streaming_content).decode()
    assert rows.count("\n") == 2
    assert "已停放" in rows


def test_words_that_may_name_somebody_stay_out_of_the_address(desk, actor):
    raised(actor)
    quota = quota_of(make_slot(starts_at=NOW + dt.timedelta(hours=30)))
    set_quota(quota.pk, 12, version=1, reason="王小明来电13800138000", actor=actor, now=NOW)
    answer = desk.post(HISTORY, {"text": "13800138000", "line": "mainland"})
    assert answer.status_code == 302
    assert "line=mainland" in answer.url
    assert "138" not in answer.url
    page = desk.get(answer.url)
    assert 'value="13800138000"' in page.text
    [[found]] = page.context["entries"]
    assert found.quota == quota
    assert "138" not in page.context["query"]
    assert not any("138" in str(kept) for kept in desk.session.values())
    table = desk.post(HISTORY, {"text": "王小明", "format": "csv"}, follow=True)
    rows = b"".join(table.streaming_content).decode()
    assert rows.count("\n") == 2


def test_words_hold_for_one_search_at_one_office_and_end_when_they_are_left_out(desk, actor):
    change = raised(actor)
    answer = desk.post(HISTORY, {"text": "检修"})
    assert desk.get(answer.url).context["entries"] == []
    assert desk.get(HISTORY).context["entries"] == [[change]]
    assert desk.post(HISTORY, {"text": ""}, follow=True).context["entries"] == [[change]]
    assert desk.get(answer.url).context["entries"] == [[change]]


def test_of_one_go_the_windows_that_are_over_stay_and_the_others_are_set_back(desk, actor):
    over, coming = make_slot(starts_at=NOW + HOUR), make_slot(starts_at=NOW + 26 * HOUR)
    edits = [QuotaEdit(quota_of(slot).pk, 12, 1) for slot in (over, coming)]
    set_quotas(edits, reason="高峰", actor=actor, now=NOW)
    change = QuotaChange.objects.first()
    desk.get(HISTORY)
    with time_machine.travel(NOW + 3 * HOUR, tick=False):
        sign_in(desk, change.account)
        page = desk.get(undo_url(change))
        assert "已结束，不变" in page.text
        desk.post(undo_url(change), {"seen": page.context["seen"], "reason": "撤销"})
    assert [quota_of(slot).capacity for slot in (over, coming)] == [12, 10]


def test_numbers_that_were_added_and_set_back_add_up_to_none(desk, actor):
    quota = quota_of(make_slot(walk_in=2), "walk_in")
    kind = QuotaChangeKind.ADDED
    set_quotas([QuotaEdit(quota.pk, 7, 1)], reason="加号", actor=actor, now=NOW, kind=kind)
    change = QuotaChange.objects.get()
    desk.post(undo_url(change), seen(change))
    steps = QuotaChange.objects.values_list("kind", "from_capacity", "to_capacity")
    assert list(steps.order_by("version")) == [("added", 2, 7), ("added", 7, 2)]
