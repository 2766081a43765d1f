"""Asking urgently, and following what becomes of it."""

import datetime as dt

import pytest
from django.test import Client

from bookings.domain import urgent
from bookings.domain.parties import Actor
from bookings.models import Evidence, UrgentRequest
from tests.citizens import make_account, signed_in
from tests.factories import NOW, make_office, make_service
from tests.requests import A_WEEK_ON, events_of, make_image, make_pdf, make_urgent
from tests.staff import make_staff

pytestmark = pytest.mark.django_db
URL = "/urgent/?office=xiamen-zhenhai"
MB = 1024**2


def answers(family, **changes):
    return {
        "person": family[0].pk,
        "reason": "meeting",
        "deadline": A_WEEK_ON.isoformat(),
        "services": ["passport-first"],
        **changes,
    }


@pytest.fixture
def officer(slot) -> Actor:
    return Actor(operator=make_staff(office=slot.office, username="officer"))


def test_without_an_office_the_page_asks_for_one(citizen):
    text = citizen.get("/urgent/?service=passport-first").text
    assert "?service=passport-first&amp;office=xiamen-zhenhai" in text
    assert "厦门出入境办证大厅" in text


def test_who_has_nobody_in_the_household_is_led_to_add_somebody(citizen):
    text = citizen.get(URL).text
    assert "/household/add/?next=/urgent/%3Foffice%3Dxiamen-zhenhai" in text


def test_a_request_with_evidence_reaches_the_office(citizen, family, account):
    sent = answers(family, evidence=[make_pdf(), make_image()])
    response = citizen.post(URL, sent, follow=True)
    request = UrgentRequest.objects.get()
    assert response.request["PATH_INFO"] == f"/urgent/{request.number}/"
    assert (request.account, request.office.code) == (account, "xiamen-zhenhai")
    assert (request.name, request.contact_phone) == ("演示甲", "+8613800138000")
    assert (request.reason, request.deadline) == ("meeting", A_WEEK_ON)
    assert [file.name for file in request.evidence.all()] == ["邀请函.pdf", "照片.jpg"]
    for words in ("申请已提交", "审核中", "大厅将在8月5日 周三前答复", "邀请函.pdf"):
        assert words in response.text


def test_evidence_may_come_later(citizen, family):
    citizen.post(URL, answers(family))
    request = UrgentRequest.objects.get()
    response = citizen.post(f"/urgent/{request.number}/", {"evidence": [make_pdf()]}, follow=True)
    assert "材料已提交" in response.text
    assert events_of(request) == ["asked", "added"]


@pytest.mark.row("XM-04")
def test_the_selector_lists_the_eight_reasons_and_what_the_office_enables(citizen, family, slot):
    def listed() -> list[str]:
        choices = citizen.get(URL).context["form"].fields["reason"].choices
        return [str(card) for _code, card in choices]

    national = [str(reason.label) for reason in urgent.NATIONAL_REASONS]
    assert (listed(), len(national)) == (national, 8)
    slot.office.policy = {"urgent_reasons": ["other"]}
    slot.office.save()
    assert listed() == [*national, "省级公安机关认可的其他事由"]


def test_a_reason_that_the_office_does_not_take_is_refused(citizen, family):
    response = citizen.post(URL, answers(family, reason="other"))
    assert list(response.context["form"].errors) == ["reason"]
    assert not UrgentRequest.objects.exists()


def test_answers_stay_and_files_are_asked_for_again(citizen, family):
    yesterday = (NOW - dt.timedelta(days=1)).date()
    sent = answers(family, deadline=yesterday.isoformat(), evidence=[make_pdf()])
    response = citizen.post(URL, sent)
    assert list(response.context["form"].errors) == ["deadline"]
    assert response.context["form"]["reason"].value() == "meeting"
    assert "请重新选择文件" in response.text
    far = answers(family, deadline="2026-12-31")
    assert "请预约办理" in citizen.post(URL, far).text


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: make_pdf("大.pdf"), "大于5 MB"),
        (lambda: make_pdf("空.pdf"), "空文件"),
        (lambda: make_pdf("网页.pdf"), "不是PDF、JPEG或PNG"),
    ],
    ids=["6 MB", "0 bytes", "HTML"],
)
def test_a_file_that_is_refused_is_named_with_the_reason(citizen, family, upload, words):
    file = upload()
    content = {"大.pdf": b"%PDF-" + b"0" * 6 * MB, "空.pdf": b""}.get(file.name, b"<html></html>")
    file.file.seek(0)
    file.file.truncate()
    file.file.write(content)
    file.file.seek(0)
    file.size = len(content)
    response = citizen.post(URL, answers(family, evidence=[file]))
    [error] = response.context["form"].errors["evidence"]
    assert words in error
    assert file.name in error
    assert not UrgentRequest.objects.exists()


def test_more_than_five_files_are_refused(citizen, family):
    response = citizen.post(URL, answers(family, evidence=[make_image() for _file in range(6)]))
    assert response.context["form"].errors["evidence"] == ["最多选择5个文件。"]


def test_many_requests_a_day_are_slowed(citizen, family, account):
    for _time in range(10):
        citizen.post(URL, answers(family))
        urgent.withdraw(UrgentRequest.objects.latest("pk").pk, Actor(account=account), NOW)
    response = citizen.post(URL, answers(family))
    assert "今日提交的申请过多" in response.text
    assert UrgentRequest.objects.count() == 10


def test_the_person_must_be_of_the_own_household(citizen, family):
    from tests.citizens import make_member

    stranger = make_member(make_account("+8613800138009"))
    response = citizen.post(URL, answers(family, person=stranger.pk))
    assert list(response.context["form"].errors) == ["person"]


def test_each_state_says_what_happens_next(citizen, account, officer):
    request = make_urgent(account=account)
    page = f"/urgent/{request.number}/"
    urgent.ask_for_more(request.pk, "请补充邀请函", officer, NOW)
    text = citizen.get(page).text
    assert "请补充邀请函" in text
    assert "请在下方补充材料" in text
    assert "officer" not in text
    urgent.approve(request.pk, "商务", officer, NOW)
    text = citizen.get(page).text
    assert "加急" in text
    assert "无需预约" in text
    assert 'name="evidence"' not in text
    urgent.finish(request.pk, officer, NOW)
    text = citizen.get(page).text
    assert "申请已办结" in text
    assert "撤回申请" not in text


def test_a_rejection_gives_its_reason_and_other_ways(citizen, account, officer):
    request = make_urgent(account=account)
    urgent.reject(request.pk, "事由不属紧急情形", officer, NOW)
    text = citizen.get(f"/urgent/{request.number}/").text
    assert "事由不属紧急情形" in text
    assert 'href="/book/"' in text


def test_a_request_is_withdrawn_after_a_question(citizen, account):
    request = make_urgent(account=account)
    page = f"/urgent/{request.number}/withdraw/"
    assert "撤回此项申请？" in citizen.get(page).text
    assert "申请已撤回" in citizen.post(page, follow=True).text
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert citizen.get(page).status_code == 302


def test_evidence_that_comes_too_late_is_refused_in_words(citizen, account):
    request = make_urgent(account=account)
    urgent.withdraw(request.pk, Actor(account=account), NOW)
    page = citizen.post(f"/urgent/{request.number}/", {"evidence": [make_pdf()]}, follow=True)
    assert "不能再作此操作" in page.text
    assert not Evidence.objects.exists()


def test_a_service_for_holders_of_another_document_is_refused_with_the_reason(citizen, family):
    make_service("visa-extension")
    response = citizen.post(URL, answers(family, services=["visa-extension"]))
    assert "外国人" in str(response.context["form"].errors)
    assert response.context["form"]["services"].value() == ["visa-extension"]
    assert not UrgentRequest.objects.exists()


def test_own_requests_are_listed(citizen, account):
    assert "申请急事急办" in citizen.get("/requests/").text
    request = make_urgent(account=account)
    make_urgent(account=make_account("+8613800138009"))
    assert list(citizen.get("/requests/").context["urgent"]) == [request]


def test_evidence_is_saved_and_never_opened_as_a_page(citizen, account):
    request = make_urgent(account=account, files=[make_pdf()])
    response = citizen.get(f"/urgent/{request.number}/evidence/{request.evidence.get().pk}/")
    assert response.content.startswith(b"%PDF-")
    assert {
        name: response.headers[name]
        for name in (
            "Content-Type",
            "Content-Disposition",
            "X-Content-Type-Options",
            "Content-Security-Policy",
            "Cache-Control",
        )
    } == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''%E9%82%80%E8%AF%B7%E5%87%BD.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }


def test_for_another_account_neither_request_nor_evidence_exists(account):
    request = make_urgent(account=account, files=[make_pdf()])
    theirs = make_urgent(account=make_account("+8613800138009"), files=[make_pdf()])
    other = signed_in(theirs.account)
    file = request.evidence.get()
    paths = [
        f"/urgent/{request.number}/",
        f"/urgent/{request.number}/withdraw/",
        f"/urgent/{request.number}/evidence/{file.pk}/",
        # Nor through the own request, with a file of the other.
        f"/urgent/{theirs.number}/evidence/{file.pk}/",
    ]
    assert [other.get(path).status_code for path in paths] == [404] * 4
    assert other.post(paths[0], {"evidence": [make_pdf()]}).status_code == 404
    assert other.post(paths[1]).status_code == 404
    assert Evidence.objects.filter(request=request).count() == 1


def test_a_stranger_is_led_to_the_sign_in_and_back():
    assert Client().get(URL).url == "/sign-in/?next=/urgent/%3Foffice%3Dxiamen-zhenhai"


def test_the_page_speaks_english(account, family):
    text = signed_in(account, accept_language="en").get(URL).text
    assert "Why is it urgent?" in text
    assert "Shown by: the invitation" in text


def test_an_office_that_citizens_do_not_see_takes_no_request(citizen, family):
    make_office("training", is_training=True)
    response = citizen.post("/urgent/?office=training", answers(family))
    assert "到哪个大厅办理" in response.text
    assert not UrgentRequest.objects.exists()
