"""Suggestions with their figures, and the decision."""

import datetime as dt

import pytest

from bookings.domain.suggestions import make_suggestions, suggest_longer_hours
from bookings.enums import SuggestionKind, SuggestionOutcome
from bookings.models import Quota, QuotaChange, Suggestion
from offices.enums import Pool
from tests.days import count_day
from tests.factories import NOW, make_line, make_slot, quota_of

pytestmark = pytest.mark.django_db
SUGGESTIONS = "/desk/xiamen-zhenhai/suggestions/"


@pytest.fixture
def slot(hall):
    """Tomorrow's only window, nine tenths of it taken."""
    slot = make_slot(online=300, office=hall)
    Quota.objects.filter(slot=slot, pool=Pool.ONLINE).update(taken=270)
    make_suggestions(NOW)
    return slot


@pytest.fixture
def suggestion(slot) -> Suggestion:
    return Suggestion.objects.get()


def address(suggestion: Suggestion) -> str:
    return f"{SUGGESTIONS}{suggestion.pk}/"


def test_an_open_suggestion_shows_its_figures_and_the_formula(desk, suggestion):
    text = desk.get(SUGGESTIONS).text
    assert "号源增加20%" in text
    assert "网上号源300个，已约270个；提示线为90%" in text
    assert "达线20%＋候补0%－爽约0%＋同星期0% = <strong>20%</strong>" in text
    assert "达线：网上号源“已约÷总数”达到规则设定的提示线时，取规则设定的增幅，否则为0" in text
    assert "范围0至50" in text
    assert address(suggestion) in text


def test_the_formula_is_stated_in_english_with_its_numbers(desk, slot):
    Suggestion.objects.all().delete()
    count_day(slot.office, slot.date - dt.timedelta(days=7), 330, missed=33)
    make_suggestions(NOW)
    text = desk.get(SUGGESTIONS, headers={"accept-language": "en"}).text
    assert "Limit 20% + waiting 0% − missed 9% + weekday 10% = <strong>21%</strong>" in text


def test_what_each_window_would_have_is_shown_before_anybody_decides(desk, slot, suggestion):
    response = desk.get(address(suggestion))
    (window,) = response.context["windows"]
    assert (window.quota.taken, window.quota.capacity, window.capacity) == (270, 300, 360)
    assert quota_of(slot).capacity == 300


@pytest.mark.row("FS-11")
def test_following_adds_a_fifth_with_the_reason_and_the_name(desk, supervisor, slot, suggestion):
    data = {"amount": "20", "reason": "春节高峰", "answer": "follow"}
    assert desk.post(address(suggestion), data).url == SUGGESTIONS
    assert quota_of(slot).capacity == 360
    change = QuotaChange.objects.get()
    assert (change.account, change.reason) == (supervisor, "春节高峰")
    text = desk.get(SUGGESTIONS).text
    assert "暂无待处理的建议" in text
    assert "已采纳" in text
    assert "春节高峰" in text


def test_another_amount_is_recorded_as_adjusted(desk, slot, suggestion):
    desk.post(address(suggestion), {"amount": "10", "reason": "人手有限", "answer": "follow"})
    assert quota_of(slot).capacity == 330
    text = desk.get(SUGGESTIONS).text
    assert "已调整" in text
    assert "号源增加10%" in text


def test_a_dismissal_needs_a_reason_and_changes_nothing(desk, slot, suggestion):
    response = desk.post(address(suggestion), {"amount": "", "reason": "", "answer": "dismiss"})
    assert "reason" in response.context["form"].errors
    desk.post(address(suggestion), {"amount": "", "reason": "人手不足", "answer": "dismiss"})
    suggestion.refresh_from_db()
    assert (suggestion.outcome, suggestion.reason) == (SuggestionOutcome.DISMISSED, "人手不足")
    assert quota_of(slot).capacity == 300


@pytest.mark.parametrize("amount", ["", "0", "-20", "201", "viel"])
def test_an_amount_that_makes_no_sense_is_refused_and_the_form_comes_back(desk, suggestion, amount):
    data = {"amount": amount, "reason": "春节高峰", "answer": "follow"}
    response = desk.post(address(suggestion), data)
    assert list(response.context["form"].errors) == ["amount"]
    assert 'value="春节高峰"' in response.text
    assert not QuotaChange.objects.exists()


def test_who_comes_second_is_told_and_sees_the_outcome(desk, suggestion):
    data = {"amount": "20", "reason": "春节高峰", "answer": "follow"}
    desk.post(address(suggestion), data)
    again = desk.post(address(suggestion), data)
    assert "该建议已处理：已采纳" in again.text
    assert QuotaChange.objects.count() == 1
    assert "春节高峰" in desk.get(address(suggestion)).text


def test_what_nobody_decided_in_time_is_listed_as_such(desk, hall):
    Suggestion.objects.create(
        office=hall,
        line=make_line(),
        date=NOW.date() - dt.timedelta(days=1),
        kind=SuggestionKind.MORE_PLACES,
        amount=20,
        facts={"taken": 9, "capacity": 10, "above": 90},
        made_at=NOW - dt.timedelta(days=2),
    )
    text = desk.get(SUGGESTIONS).text
    assert "未处理" in text
    assert "暂无待处理的建议" in text


def test_longer_hours_say_how_long_people_wait(desk, hall):
    make_slot(office=hall, starts_at=NOW + dt.timedelta(hours=2), online=5)
    suggest_longer_hours(hall, make_line(), 75, waiting=40, now=NOW)
    suggestion = Suggestion.objects.get()
    assert "预计等候75分钟，40人等候；提示线为60分钟" in desk.get(SUGGESTIONS).text
    data = {"amount": "60", "reason": "群众较多", "answer": "follow"}
    assert desk.post(address(suggestion), data).url == SUGGESTIONS
    assert str(hall.sessions.get()) == "延时服务 2026-08-03 11:30–12:30"
