"""My data: seen, taken along, and deleted by whoever it is about, and by nobody else."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from applicants.domain.consents import agrees
from applicants.domain.contact_points import add
from applicants.domain.groups import ask_admission
from applicants.domain.texts import render
from applicants.enums import Medium, MessageKind
from applicants.fields import EncryptedTextField
from applicants.models import Account, Applicant, Group, Message, SignInCode, Suspension
from bookings.domain.privacy.erasure import erase
from bookings.enums import RequestState, Status, WaitingState
from bookings.models import (
    Appeal,
    Attendee,
    Booking,
    Evidence,
    HomeVisit,
    UrgentRequest,
    WaitingEntry,
)
from offices.enums import Role
from tests.citizens import last_code, make_account, make_member, signed_in
from tests.factories import NOW, make_office, quota_of
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/privacy/my-data/"
EXPORT = f"{PAGE}export/"
TAKE_BACK = f"{PAGE}consent/"
DELETE = f"{PAGE}delete/"


def test_the_page_shows_all_that_is_kept(
    citizen: Client, family: list[Applicant], everything: dict[str, Any]
) -> None:
    page = citizen.get(PAGE).content.decode()
    shown = [
        "+8613800138000",
        *(one.masked_number for one in family),
        everything["past"].number,
        everything["coming"].number,
        everything["urgent"].number,
        everything["visit"].number,
        "候补",
        "爽约3次",
        "当天住院",
        "敏感个人信息",
        "预约成功",
    ]
    assert [text for text in shown if text not in page] == []
    assert not any(one.id_number in page for one in family)


def test_somebody_new_sees_empty_lists(db: None) -> None:
    page = signed_in(agreed=False).get(PAGE)
    assert page.status_code == 200
    assert "撤回同意" not in page.content.decode()


def test_the_page_asks_the_same_of_the_database_for_one_person_and_for_three(
    citizen: Client,
    family: list[Applicant],
    everything: dict[str, Any],
    django_assert_max_num_queries: Any,
) -> None:
    with django_assert_max_num_queries(32) as first:
        citizen.get(PAGE)
    make_member(make_account(), "演示戊")
    with django_assert_max_num_queries(len(first)):
        citizen.get(PAGE)


def test_the_copy_has_everything_whole_and_under_names_that_stay(
    citizen: Client, family: list[Applicant], everything: dict[str, Any]
) -> None:
    answer = citizen.get(EXPORT)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    copy = json.loads(answer.content)
    assert list(copy) == [
        "format",
        "made_at",
        "account",
        "household",
        "contact_points",
        "identity_platforms",
        "groups",
        "bookings",
        "urgent_requests",
        "home_visits",
        "waiting_list",
        "suspensions",
        "appeals",
        "consents",
        "messages",
    ]
    assert [one["id_number"] for one in copy["household"]] == [one.id_number for one in family]
    assert copy["bookings"][0]["people"][0]["id_number"] == family[1].id_number
    assert copy["urgent_requests"][0]["evidence"][0]["name"] == "邀请函.pdf"
    assert copy["home_visits"][0]["address"] == "厦门市演示路1号101室"
    assert copy["appeals"][0]["text"] == "当天住院"
    kinds = {one["kind"] for one in copy["messages"]}
    assert {"confirmed", "reminder_day", "urgent_news", "home_visit_news"} <= kinds


def test_nobody_else_sees_it(everything: dict[str, Any]) -> None:
    stranger = signed_in(make_account("+8613900139000"))
    for page in (PAGE, EXPORT):
        text = stranger.get(page).content.decode()
        assert everything["coming"].number not in text
        assert "演示" not in text


def test_taking_back_the_consent_says_first_what_it_means(
    citizen: Client, family: list[Applicant]
) -> None:
    page = citizen.get(TAKE_BACK).content.decode()
    assert "不能网上预约" in page
    assert f'href="{DELETE}"' in page
    assert Applicant.objects.count() == 3


def test_taking_back_the_consent_empties_the_list_and_ends_the_waiting(
    citizen: Client, account: Account, everything: dict[str, Any]
) -> None:
    assert citizen.post(TAKE_BACK).headers["Location"] == PAGE
    assert not agrees(account)
    assert not Applicant.objects.exists()
    assert WaitingEntry.objects.get().state == WaitingState.LEFT
    everything["coming"].refresh_from_db()
    assert everything["coming"].status == Status.CONFIRMED
    asked = citizen.get("/book/people/").headers["Location"]
    assert asked.startswith("/privacy/consent/")


def test_deleting_says_first_what_becomes_of_everything(
    citizen: Client, everything: dict[str, Any]
) -> None:
    page = citizen.get(DELETE).content.decode()
    assert "注销后无法恢复" in page
    number = everything["coming"].number
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in page
    assert "管理码" in page
    assert "其团体预约资格随之失效" in page
    assert everything["urgent"].number in page


def code_for(citizen: Client) -> str:
    citizen.post(DELETE, {"do": "code"})
    return last_code()


def test_it_takes_a_fresh_code(citizen: Client, everything: dict[str, Any]) -> None:
    form = citizen.post(DELETE, {"upcoming": "cancel"}).context["form"]
    assert set(form.errors) == {"code"}
    right = code_for(citizen)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    form = citizen.post(DELETE, {"upcoming": "cancel", "code": wrong}).context["form"]
    assert set(form.errors) == {"code"}
    assert Account.objects.count() == 1


def test_whoever_has_just_got_a_code_is_told_to_wait(citizen: Client) -> None:
    code_for(citizen)
    page = citizen.post(DELETE, {"do": "code"}, follow=True).content.decode()
    assert "60秒" in page
    assert SignInCode.objects.count() == 1


def test_it_asks_about_appointments_to_come(citizen: Client, everything: dict[str, Any]) -> None:
    form = citizen.post(DELETE, {"code": code_for(citizen)}).context["form"]
    assert set(form.errors) == {"upcoming"}
    assert Account.objects.exists()


def delete(citizen: Client, upcoming: str) -> Any:
    return citizen.post(DELETE, {"upcoming": upcoming, "code": code_for(citizen)})


def left_in_clear() -> dict[str, list[str]]:
    """Personal columns of people that still hold something, by table."""
    models = [Attendee, Booking, UrgentRequest, HomeVisit, Evidence, Applicant, Appeal, Group]
    found: dict[str, list[str]] = {}
    for model in models:
        for field in model._meta.get_fields():
            if (
                isinstance(field, EncryptedTextField)
                and model.objects.exclude(**{field.name: ""}).exists()
            ):
                found.setdefault(model.__name__, []).append(field.name)
    return found


def test_deleting_leaves_nothing_personal_and_all_figures(
    citizen: Client, everything: dict[str, Any]
) -> None:
    coming = everything["coming"]
    answer = delete(citizen, "cancel")
    assert answer.headers["Location"] == "/"
    assert not Account.objects.exists()
    assert left_in_clear() == {}
    assert not SignInCode.objects.exists()
    assert not WaitingEntry.objects.exists()
    assert not Appeal.objects.exists()
    assert not Booking.objects.exclude(account=None, contact_phone_hash=None).exists()

    statuses = dict(Booking.objects.values_list("number", "status"))
    assert statuses == {everything["past"].number: "no_show", coming.number: "cancelled"}
    assert Attendee.objects.count() == 2
    assert quota_of(coming.slot).taken == 0
    assert everything["past"].events.filter(kind="no_show").exists()
    states = {UrgentRequest.objects.get().state, HomeVisit.objects.get().state}
    assert states == {RequestState.WITHDRAWN}


def test_an_organisation_is_in_the_copy_and_may_ask_anew_without_the_account(
    citizen: Client, account: Account
) -> None:
    def ask(by: Account) -> Group:
        group = Group(name="某公司", credit_code="91350200MA2XYJ6N04", kind="enterprise")
        group.contact_name, group.contact_phone = "演示经办", "+8613800138000"
        return ask_admission(by, group, NOW)

    ask(account)
    assert json.loads(citizen.get(EXPORT).content)["groups"] == [
        {
            "name": "某公司",
            "credit_code": "91350200MA2XYJ6N04",
            "state": "asked",
            "asked_at": NOW.isoformat(),
            "contact_name": "演示经办",
            "contact_phone": "+8613800138000",
        }
    ]
    assert "演示经办" in citizen.get(PAGE).content.decode()
    erase(account, NOW, cancels=True)
    assert "Group" not in left_in_clear()
    assert ask(make_account("+8613900139000")).state == "asked"


def test_files_that_were_sent_go_from_the_disk(citizen: Client, everything: dict[str, Any]) -> None:
    folder = Path(settings.EVIDENCE_ROOT)
    assert len(list(folder.iterdir())) == 1
    delete(citizen, "cancel")
    assert list(folder.iterdir()) == []


def test_what_is_kept_is_still_managed_by_its_number(
    citizen: Client, everything: dict[str, Any]
) -> None:
    coming = everything["coming"]
    delete(citizen, "keep")
    coming.refresh_from_db()
    assert (coming.status, coming.account, coming.contact_phone) == (
        Status.CONFIRMED,
        None,
        "+8613800138000",
    )
    assert quota_of(coming.slot).taken == 1
    assert UrgentRequest.objects.get().name == "演示急"
    assert Booking.objects.get(pk=everything["past"].pk).contact_phone == ""


def test_the_holder_is_told_and_signed_out(citizen: Client, everything: dict[str, Any]) -> None:
    delete(citizen, "cancel")
    told = Message.objects.get(kind=MessageKind.ACCOUNT_DELETED)
    assert (told.recipient, told.state) == ("+8613800138000", "pending")
    assert "已删除" in render(told)
    assert citizen.get(PAGE).headers["Location"].startswith("/sign-in/")


def test_who_signs_in_by_a_platform_alone_is_told_by_a_verified_contact(db: None) -> None:
    ada = Account.objects.create(contact_hash=b"platform")
    add(ada, Medium.EMAIL, "ada@example.com", NOW)
    erase(ada, NOW, cancels=False)
    told = Message.objects.get(kind=MessageKind.ACCOUNT_DELETED)
    assert (told.medium, told.recipient) == (Medium.EMAIL, "ada@example.com")


def test_deleting_is_no_way_out_of_a_suspension(
    citizen: Client, family: list[Applicant], everything: dict[str, Any]
) -> None:
    person = bytes(family[0].identity_hash)
    delete(citizen, "cancel")
    assert bytes(Suspension.objects.get().identity_hash) == person
    assert bytes(Attendee.objects.get(booking=everything["past"]).identity_hash) == person


def test_a_message_that_has_left_no_longer_says_to_whom(
    citizen: Client, everything: dict[str, Any]
) -> None:
    Message.objects.filter(reference=everything["past"].number).update(state="sent", sent_at=NOW)
    delete(citizen, "cancel")
    recipients = Message.objects.filter(reference=everything["past"].number, state="sent")
    assert set(recipients.values_list("recipient", flat=True)) == {""}


def test_staff_find_nothing_of_whoever_was_deleted(
    citizen: Client, family: list[Applicant], everything: dict[str, Any]
) -> None:
    number = family[0].id_number
    delete(citizen, "cancel")
    staff = sign_in(Client(), make_staff(Role.CLERK, office=make_office(), username="operator"))
    url = "/desk/xiamen-zhenhai/bookings/"
    for by, text in (("phone", "13800138000"), ("resident_id", number)):
        answer = staff.post(url, {"by": by, "text": text}, follow=True)
        assert answer.status_code == 200
        assert everything["past"].number not in answer.content.decode()
    shown = staff.get(f"{url}{everything['past'].number}/").content.decode()
    assert "演示" not in shown.replace("演示数据", "")
    assert "已删除" in shown


def test_without_a_contact_a_tick_confirms_it(db: None) -> None:
    account = Account.objects.create(contact_hash=b"platform")
    citizen = signed_in(account)
    assert set(citizen.post(DELETE).context["form"].errors) == {"sure"}
    citizen.post(DELETE, {"sure": "on"})
    assert not Account.objects.exists()


def test_what_broke_off_is_done_again(account: Account, everything: dict[str, Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Account, "delete", _breaks)
        with pytest.raises(RuntimeError):
            erase(account, NOW, cancels=True)
    assert Account.objects.exists()
    erase(account, NOW, cancels=True)
    assert (Account.objects.count(), left_in_clear()) == (0, {})


def _breaks(_self: Account) -> None:
    raise RuntimeError


def test_other_households_stay_as_they_are(
    citizen: Client, family: list[Applicant], everything: dict[str, Any]
) -> None:
    neighbour = make_account("+8613900139000")
    twin = make_member(neighbour, "演示邻", identity=family[0].identity)
    delete(citizen, "cancel")
    assert list(Applicant.objects.all()) == [twin]
