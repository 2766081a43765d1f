"""Urgent requests at the desk."""

import datetime as dt

import pytest
from django.test import Client

from bookings.domain.urgent import reasons_at
from bookings.models import UrgentRequest
from offices.enums import Role
from tests.factories import NOW, make_bureau, make_identity, make_office
from tests.requests import A_WEEK_ON, events_of, make_image, make_pdf, make_urgent
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
QUEUE = "/desk/xiamen-zhenhai/urgent/"
DAY = dt.timedelta(days=1)


def page_of(request: UrgentRequest) -> str:
    return f"{QUEUE}{request.number}/"


def decide(desk: Client, request: UrgentRequest, act: str, answer: str = "") -> str:
    text: str = desk.post(page_of(request), {"act": act, "answer": answer}, follow=True).text
    request.refresh_from_db()
    return text


def test_the_queue_is_sorted_by_deadline_and_shows_open_ones(desk, hall):
    late = make_urgent(hall, deadline=A_WEEK_ON + DAY)
    early = make_urgent(hall, deadline=A_WEEK_ON)
    done = make_urgent(hall, deadline=A_WEEK_ON - DAY)
    make_urgent(make_office("harbin-city", bureau=make_bureau("harbin")))
    decide(desk, done, "reject", "不属紧急情形")
    assert [one for one, *_rest in desk.get(QUEUE).context["rows"]] == [early, late]
    shown = desk.get(QUEUE, {"state": "all"}).context["rows"]
    assert [one for one, *_rest in shown] == [done, early, late]
    assert [one for one, *_rest in desk.get(QUEUE, {"state": "rejected"}).context["rows"]] == [done]
    assert "没有符合条件的申请" in desk.get(QUEUE, {"reason": "funeral"}).text


def test_what_is_overdue_is_said_in_words(desk, hall):
    make_urgent(hall, now=NOW - 7 * DAY)
    assert "已超期" in desk.get(QUEUE).text


def test_the_queue_costs_the_same_for_one_and_for_three(desk, hall, django_assert_max_num_queries):
    make_urgent(hall)
    desk.get(QUEUE)
    with django_assert_max_num_queries(60) as one:
        desk.get(QUEUE)
    for _request in range(2):
        make_urgent(hall)
    with django_assert_max_num_queries(60) as three:
        desk.get(QUEUE)
    assert len(three) == len(one)


def test_one_request_is_shown_with_its_evidence(desk, hall):
    request = make_urgent(hall, files=[make_pdf(), make_image()])
    text = desk.get(page_of(request)).text
    pdf, image = request.evidence.all()
    assert text.count("<img") == 2  # The mark of the house, and the photo.
    assert f'src="{page_of(request)}evidence/{image.pk}/"' in text
    assert f'src="{page_of(request)}evidence/{pdf.pk}/"' not in text
    assert "演示甲" in text
    assert make_identity().number not in text
    response = desk.get(f"{page_of(request)}evidence/{pdf.pk}/")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.row("JJ-12", "XM-33")
def test_the_officer_approves_with_a_reason_that_the_applicant_reads(desk, hall, supervisor):
    request = make_urgent(hall, files=[make_pdf("商务邀请函.pdf")])
    text = decide(desk, request, "approve", "商务")
    assert (request.state, request.answer, request.expedited) == ("approved", "商务", True)
    assert (request.decided_by, request.decided_at) == (supervisor, NOW)
    assert (request.get_reason_display(), request.deadline) == ("参加紧急会议、谈判", A_WEEK_ON)
    for words in ("加急", "supervisor", "商务", "参加紧急会议、谈判", "8月10日"):
        assert words in text


@pytest.mark.parametrize("act", ["approve", "more", "reject"])
def test_no_decision_goes_without_a_reason(desk, hall, act):
    request = make_urgent(hall)
    response = desk.post(page_of(request), {"act": act, "answer": " "})
    assert response.context["form"].errors == {"answer": ["请说明理由，申请人会看到。"]}
    request.refresh_from_db()
    assert request.state == "submitted"


def test_what_is_no_decision_changes_nothing(desk, hall):
    request = make_urgent(hall)
    decide(desk, request, "approve", "商务")
    decide(desk, request, "delete", "x")
    assert request.state == "approved"


def test_asking_for_more_and_a_decision_made_meanwhile(desk, hall):
    request = make_urgent(hall)
    decide(desk, request, "more", "请补充邀请函")
    assert (request.state, request.answer) == ("more_needed", "请补充邀请函")
    decide(desk, request, "reject", "逾期未补充")
    text = decide(desk, request, "approve", "商务")
    assert "不能再作此操作" in text
    assert request.state == "rejected"


@pytest.mark.row("WH-11")
def test_a_finished_one_says_how_long_before_the_deadline(desk, hall):
    request = make_urgent(hall, deadline=NOW.date() + DAY, reason="study")
    decide(desk, request, "approve", "报名截止")
    text = decide(desk, request, "finish")
    assert request.state == "done"
    assert "比用证日期提前1天" in text
    assert events_of(request) == ["asked", "approved", "done"]


def test_staff_enter_a_request_for_somebody_without_an_account(desk, hall, supervisor):
    identity = make_identity()
    sent = {
        "name": "演示丁",
        "id_type": "resident_id",
        "id_number": identity.number,
        "phone": "13800138005",
        "language": "zh-hans",
        "reason": "medical",
        "deadline": A_WEEK_ON.isoformat(),
        "services": ["passport-first"],
        "evidence": [make_image()],
    }
    desk.post(f"{QUEUE}enter/", sent)
    request = UrgentRequest.objects.get()
    assert (request.account, request.name) == (None, "演示丁")
    assert bytes(request.identity_hash) == identity.hash
    assert (request.contact_phone, request.evidence.count()) == ("+8613800138005", 1)
    assert request.events.get().account == supervisor
    wrong = desk.post(f"{QUEUE}enter/", sent | {"id_number": "123", "evidence": []})
    assert list(wrong.context["form"].errors) == ["id_number"]
    assert wrong.context["form"]["name"].value() == "演示丁"


def test_a_clerk_enters_one_and_sees_none(client, hall):
    sign_in(client, make_staff(Role.CLERK, office=hall))
    assert client.get(f"{QUEUE}enter/").status_code == 200
    assert client.get(QUEUE).status_code == 403


def test_of_another_office_nothing_is_there(desk, hall):
    elsewhere = make_office("harbin-city", bureau=make_bureau("harbin"))
    foreign = make_urgent(elsewhere, files=[make_pdf()])
    file = foreign.evidence.get()
    own = make_urgent(hall)
    paths = [
        page_of(foreign),
        f"{page_of(foreign)}evidence/{file.pk}/",
        f"{page_of(own)}evidence/{file.pk}/",
        f"/desk/harbin-city/urgent/{foreign.number}/evidence/{file.pk}/",
    ]
    assert [desk.get(path).status_code for path in paths] == [404] * 4
    answer = {"act": "approve", "answer": "商务"}
    assert desk.post(page_of(foreign), answer).status_code == 404


def test_a_supervisor_enables_a_reason_of_the_province(desk, hall):
    page = "/desk/xiamen-zhenhai/policy/?setting=urgent_reasons"
    assert desk.get(page).text.count('name="value"') == 4
    answers = {"setting": "urgent_reasons", "seen": "{}", "act": "set", "reason": "省厅认可"}
    response = desk.post(page, answers | {"value": ["other"]}, follow=True)
    hall.refresh_from_db()
    assert hall.policy == {"urgent_reasons": ["other"]}
    assert "省级公安机关认可的其他事由" in response.text
    assert [str(reason) for reason in reasons_at(hall)][8:] == ["other"]
