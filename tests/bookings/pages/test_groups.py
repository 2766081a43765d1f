"""Enterprises and agencies: admitted by an office, then a list of names in one window."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applicants.enums import GroupState
from applicants.models import Account, Group, GroupMember
from bookings.models import Attendee, Booking, Slot
from bookings.pages.citizen.requests import PER_ACCOUNT
from offices.models import Office
from tests.citizens import make_account, signed_in
from tests.factories import (
    NOW,
    make_office,
    make_service,
    make_slot,
    quota_of,
    resident_number,
)
from tests.requests import make_urgent
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
CODE = "91350200MA2XYJ6N04"
ASK = {
    "name": "厦门某电子有限公司",
    "kind": "enterprise",
    "credit_code": CODE,
    "contact_name": "演示经办",
    "contact_phone": "13800138008",
    "office": "xiamen-zhenhai",
}
HEAD = "name,id_type,id_number,birth_date,nationality\n"
TWELVE = HEAD + "".join(
    f"DEMO Person {n},passport,X12345{n:02},1990-08-{n + 1:02},FR\n" for n in range(12)
)


@pytest.fixture
def wide() -> Slot:
    return make_slot(15, line="foreigners")


@pytest.fixture
def company(account: Account, office: Office) -> Group:
    group = Group.objects.create(
        name="厦门某电子有限公司",
        kind="enterprise",
        credit_code=CODE,
        state=GroupState.ADMITTED,
        office_code=office.code,
        asked_at=NOW,
    )
    GroupMember.objects.create(group=group, account=account, added_at=NOW)
    return group


@pytest.fixture
def office() -> Office:
    return make_office()


def names(text: str, service: str = "visa-extension") -> dict[str, object]:
    return {"services": [service], "office": "xiamen-zhenhai", "text": text, "told": "on"}


class TestAdmission:
    def test_an_office_admits_who_asks(self, citizen: Client, client: Client, office: Office):
        citizen.post("/groups/", ASK)
        group = Group.objects.get()
        assert group.state == GroupState.ASKED
        assert citizen.get(f"/groups/{group.pk}/").status_code == 404
        sign_in(client, make_staff(office=office))
        path = f"/desk/{office.code}/groups/"
        assert "演示经办" in client.get(path).content.decode()
        assert client.post(path, {"group": group.pk, "decision": "admit"}).status_code == 200
        client.post(path, {"group": group.pk, "decision": "admit", "reason": "执照已核对"})
        assert citizen.get(f"/groups/{group.pk}/").status_code == 200

    def test_a_refusal_says_why(self, citizen: Client, client: Client, office: Office):
        citizen.post("/groups/", ASK)
        sign_in(client, make_staff(office=office))
        group = Group.objects.get()
        data = {"group": group.pk, "decision": "refuse", "reason": "执照已注销"}
        client.post(f"/desk/{office.code}/groups/", data)
        assert "执照已注销" in citizen.get("/groups/").content.decode()

    @pytest.mark.usefixtures("office")
    def test_a_wrong_credit_code_is_refused_and_the_form_comes_back(self, citizen: Client):
        page = citizen.post("/groups/", ASK | {"credit_code": CODE[:-1] + "7"}).content.decode()
        assert "统一社会信用代码" in page
        assert "厦门某电子有限公司" in page
        assert not Group.objects.exists()

    @pytest.mark.usefixtures("office")
    def test_an_organisation_asks_once(self, citizen: Client):
        citizen.post("/groups/", ASK)
        other = signed_in(make_account("+8613900139000"))
        assert "已经申请过" in other.post("/groups/", ASK).content.decode()
        assert Group.objects.count() == 1

    @pytest.mark.usefixtures("office")
    def test_nobody_blocks_the_codes_of_others_by_the_hundred(self, citizen: Client):
        """They are public, and whoever asks first keeps the others waiting."""
        for n in range(PER_ACCOUNT):
            citizen.post("/groups/", ASK)
            Group.objects.filter(credit_code=CODE).update(credit_code=f"{n:018}")
        page = citizen.post("/groups/", ASK).content.decode()
        assert "今日提交的申请过多" in page
        assert "厦门某电子有限公司" in page
        assert not Group.objects.filter(credit_code=CODE).exists()


class TestBooking:
    @pytest.mark.row("WH-17")
    def test_an_enterprise_books_twelve_foreign_staff_as_a_group(
        self, citizen: Client, company: Group, wide: Slot
    ):
        upload = SimpleUploadedFile("names.csv", TWELVE.encode())
        checked = citizen.post(f"/groups/{company.pk}/", names("") | {"file": upload})
        assert checked.headers["Location"] == f"/groups/{company.pk}/time/"
        page = citizen.get(f"/groups/{company.pk}/time/").content.decode()
        assert "名单上共12人" in page
        citizen.post(f"/groups/{company.pk}/time/", {"slot": wide.pk})
        booking = Booking.objects.get()
        assert (booking.group, booking.places, booking.status) == (company, 12, "confirmed")
        assert booking.attendees.count() == 12
        assert quota_of(wide).taken == 12

    @pytest.mark.usefixtures("wide")
    def test_each_bad_row_is_named_and_nothing_is_taken_over(self, citizen: Client, company: Group):
        bad = HEAD + (
            "DEMO One,passport,X1234501,1990-08-01,FR\n"
            ",passport,X1234502,1990-08-02,FR\n"
            "DEMO Three,passport,??,1990-08-03,FR\n"
            "DEMO Four,passport,X1234504,never,FR\n"
            "DEMO Five,card,X1234505,1990-08-05,FR\n"
            "DEMO One,passport,X1234501,1990-08-01,ZZ\n"
        )
        page = citizen.post(f"/groups/{company.pk}/", names(bad)).content.decode()
        for row in (3, 4, 5, 6, 7):
            assert f"第{row}行" in page
        assert "第2行 ·" not in page
        assert "DEMO Three" in page
        assert "group" not in citizen.session

    @pytest.mark.usefixtures("wide")
    def test_services_of_two_counters_are_refused_before_a_time_is_chosen(
        self, citizen: Client, company: Group
    ):
        make_service("passport-first")
        sent = names(TWELVE) | {"services": ["visa-extension", "passport-first"]}
        page = citizen.post(f"/groups/{company.pk}/", sent).content.decode()
        assert "请分别提交名单" in page
        assert "group" not in citizen.session

    def test_a_full_window_takes_all_or_none(self, citizen: Client, company: Group):
        narrow = make_slot(11, line="foreigners")
        citizen.post(f"/groups/{company.pk}/", names(TWELVE))
        citizen.post(f"/groups/{company.pk}/time/", {"slot": narrow.pk})
        assert not Booking.objects.exists()
        assert quota_of(narrow).taken == 0

    def test_the_policy_bounds_the_list(self, citizen: Client, company: Group, wide: Slot):
        office = wide.office
        office.policy = {"max_group": 10}
        office.save()
        page = citizen.post(f"/groups/{company.pk}/", names(TWELVE)).content.decode()
        assert "最多10人" in page

    def test_somebody_who_is_booked_already_is_named(
        self, citizen: Client, company: Group, wide: Slot
    ):
        citizen.post(f"/groups/{company.pk}/", names(TWELVE))
        citizen.post(f"/groups/{company.pk}/time/", {"slot": wide.pk})
        other = make_slot(15, line="foreigners", starts_at=wide.ends_at)
        one = HEAD + "DEMO Person 3,passport,X1234503,1990-08-04,FR\n"
        citizen.post(f"/groups/{company.pk}/", names(one))
        page = citizen.post(f"/groups/{company.pk}/time/", {"slot": other.pk}).content.decode()
        assert "DEMO Person 3" in page
        assert Booking.objects.count() == 1

    def test_strangers_have_no_part_in_it(self, company: Group):
        stranger = signed_in(make_account("+8613900139000"))
        for path in (f"/groups/{company.pk}/", f"/groups/{company.pk}/time/"):
            assert stranger.get(path).status_code == 404

    @pytest.mark.usefixtures("wide")
    def test_people_are_told_before_somebody_else_names_them(self, citizen: Client, company: Group):
        untold = names(TWELVE) | {"told": ""}
        page = citizen.post(f"/groups/{company.pk}/", untold).content.decode()
        assert "监护人同意" in page
        assert "请先告知名单上的所有人" in page
        assert "DEMO Person 3" in page
        assert "group" not in citizen.session

    @pytest.mark.usefixtures("wide")
    def test_sensitive_data_need_the_consent_of_whoever_hands_them_in(
        self, account: Account, company: Group
    ):
        client = signed_in(account, agreed=False)
        page = client.get(f"/groups/{company.pk}/")
        assert page.headers["Location"].startswith("/privacy/consent/")

    def test_a_table_without_its_columns_is_told_just_that(self, citizen: Client, company: Group):
        page = citizen.post(f"/groups/{company.pk}/", names("姓名;证件\n演示;1\n"))
        [problem] = page.context["problems"]
        assert (problem.line, problem.column) == (1, "")
        assert "name, id_type, id_number" in problem.text

    @pytest.mark.usefixtures("wide")
    def test_names_are_sealed_between_the_pages(self, citizen: Client, company: Group):
        citizen.post(f"/groups/{company.pk}/", names(TWELVE))
        assert "DEMO" not in str(dict(citizen.session.items()))


@pytest.mark.row("HB-26")
def test_a_travel_agency_books_its_group_and_urgent_matters_are_due_in_two_working_days(
    citizen: Client, company: Group
):
    Group.objects.update(kind="travel_agency")
    slot = make_slot(20, starts_at=NOW + dt.timedelta(days=2))
    people = HEAD + "".join(
        f"演示{n},resident_id,{resident_number(500 + n)},,\n" for n in range(15)
    )
    citizen.post(f"/groups/{company.pk}/", names(people, "tw-permit-first"))
    citizen.post(f"/groups/{company.pk}/time/", {"slot": slot.pk})
    assert Attendee.objects.filter(booking__group=company, active=True).count() == 15
    # Monday to Wednesday; from Friday on the weekend doesn't count.
    assert make_urgent().due_on == dt.date(2026, 8, 5)
    assert make_urgent(now=NOW + dt.timedelta(days=4)).due_on == dt.date(2026, 8, 11)
