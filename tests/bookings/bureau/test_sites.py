"""A bureau's list of self-service sites: counts, files, broken machines."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from offices.enums import DeviceKind, DeviceState, Role
from offices.models import Bureau, Device, OrganisationChange, SelfServiceSite
from tests.factories import make_bureau, make_office
from tests.staff import make_staff, sign_in

pytestmark = pytest.mark.django_db
SITES = "/bureau/foshan/sites/"
FILE = "code,name,kind,city,smart_endorsement\nf-1,禅城服务点,point,佛山,2\n"


@pytest.fixture
def bureau() -> Bureau:
    return make_bureau("foshan")


@pytest.fixture
def planner(client: Client, bureau: Bureau) -> Client:
    return sign_in(client, make_staff(Role.PLANNER, bureau=bureau, username="planner"))


def upload(client: Client, text: str = FILE, reason: str = "2024年清单"):
    file = SimpleUploadedFile("sites.csv", text.encode())
    return client.post(SITES, {"step": "check", "file": file, "reason": reason})


def take(client: Client, preview):
    context = preview.context
    data = {"step": "take", "reason": context["data"]["reason"], "text": context["text"]}
    return client.post(SITES, data, follow=True)


def make_device(site: SelfServiceSite, label: str = "01") -> Device:
    return Device.objects.create(site=site, kind=DeviceKind.SMART_ENDORSEMENT, label=label)


def make_site(bureau: Bureau, code: str = "f-1", **fields) -> SelfServiceSite:
    return SelfServiceSite.objects.create(
        code=code, bureau=bureau, name=f"{code}服务点", city="佛山", **fields
    )


def test_a_file_is_checked_and_then_taken_over(planner: Client) -> None:
    preview = upload(planner)
    assert preview.context["outcome"].changed == 1
    assert not SelfServiceSite.objects.exists()
    page = take(planner, preview)
    assert "自助服务点：1个 · 设备：2台" in page.text
    assert "禅城服务点" in page.text
    assert "2024年清单" in page.text


def test_bad_rows_are_named_and_nothing_is_saved(planner: Client) -> None:
    preview = upload(planner, FILE.replace("point", "moon"))
    assert "第2行 · kind" in preview.text
    assert take(planner, preview).context["outcome"].problems
    assert not SelfServiceSite.objects.exists()


def test_a_file_that_is_none_is_refused_and_the_reason_stays(planner: Client) -> None:
    page = planner.post(SITES, {"step": "check", "reason": "清单"})
    assert "清单" in page.text
    assert page.context["form"].errors.keys() == {"file"}
    broken = SimpleUploadedFile("sites.xlsx", b"PK broken")
    page = planner.post(SITES, {"step": "check", "reason": "清单", "file": broken})
    assert page.context["form"].errors.keys() == {"file"}


def test_the_list_is_downloaded_as_a_file_that_can_be_taken_over(planner, bureau) -> None:
    make_device(make_site(bureau))
    text = planner.get(f"{SITES}?format=csv").getvalue().decode("utf-8-sig")
    assert text.splitlines()[1].startswith("f-1,point,")
    assert upload(planner, text).context["outcome"].same == 1


def test_sites_are_found_by_name_or_code(planner: Client, bureau: Bureau) -> None:
    make_site(bureau)
    make_site(bureau, "f-2", is_active=False)
    assert "f-2服务点" not in planner.get(f"{SITES}?q=F-1").text
    assert "没有找到" in planner.get(f"{SITES}?q=厦门").text
    assert "前台不显示" in planner.get(SITES).text


def test_a_broken_machine_is_marked_with_a_reason_and_shown_to_citizens(planner, bureau) -> None:
    site = make_site(bureau)
    device = make_device(site)
    address = f"{SITES}{site.pk}/"
    page = planner.post(address, {"device": f"{device.pk}:faulty", "reason": "卡纸"}, follow=True)
    assert "故障" in page.text
    [change] = OrganisationChange.objects.all()
    assert (change.bureau, change.subject, change.reason) == (bureau, "f-1 01", "卡纸")
    assert (change.before, change.after) == ({"state": "working"}, {"state": "faulty"})
    assert change.account is not None
    assert "智能签注设备1台 · 可用0" in Client().get("/self-service/").text
    planner.post(address, {"device": f"{device.pk}:working", "reason": "已修复"})
    device.refresh_from_db()
    assert device.state == DeviceState.WORKING
    assert "已修复" in planner.get(SITES).text


def test_a_machine_is_marked_only_with_a_reason_and_once(planner, bureau) -> None:
    site = make_site(bureau)
    device = make_device(site)
    address = f"{SITES}{site.pk}/"
    assert (
        "reason" in planner.post(address, {"device": f"{device.pk}:faulty"}).context["form"].errors
    )
    for _twice in range(2):
        planner.post(address, {"device": f"{device.pk}:faulty", "reason": "卡纸"})
    assert OrganisationChange.objects.count() == 1
    assert planner.post(address, {"device": "1:lost", "reason": "x"}).status_code == 200


def test_the_machine_of_another_site_is_not_found(planner: Client, bureau: Bureau) -> None:
    site, other = make_site(bureau), make_site(make_bureau("harbin"), "h-1")
    device = make_device(other)
    data = {"device": f"{device.pk}:faulty", "reason": "卡纸"}
    assert planner.post(f"{SITES}{site.pk}/", data).status_code == 404
    assert planner.get(f"{SITES}{other.pk}/").status_code == 404
    assert Device.objects.get().state == DeviceState.WORKING


def test_a_desk_marks_the_machines_of_its_hall(planner: Client, bureau: Bureau) -> None:
    office = make_office("foshan-chancheng", bureau=bureau, city="佛山")
    device = Device.objects.create(office=office, kind=DeviceKind.PHOTO, label="01")
    make_device(make_site(bureau, office=office), "02")
    address = "/desk/foshan-chancheng/devices/"
    page = planner.get(address)
    assert "自助照相机 01" in page.text
    assert "f-1服务点" in page.text
    planner.post(address, {"device": f"{device.pk}:faulty", "reason": "镜头"})
    [change] = OrganisationChange.objects.all()
    assert (change.office, change.subject) == (office, "01")
    assert "镜头" in planner.get(address).text


def test_a_hall_without_machines_says_so(planner: Client, bureau: Bureau) -> None:
    make_office("foshan-chancheng", bureau=bureau)
    assert "没有设备" in planner.get("/desk/foshan-chancheng/devices/").text


def test_the_list_takes_as_many_queries_for_three_sites_as_for_one(
    planner: Client, bureau: Bureau
) -> None:
    counts = []
    for number in range(3):
        make_device(make_site(bureau, f"f-{number}"))
        with CaptureQueriesContext(connection) as queries:
            planner.get(SITES)
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_what_no_name_holds_finds_nothing(planner: Client, bureau: Bureau) -> None:
    make_site(bureau)
    for wanted in ("%00f-9", "%25", "x" * 3000):
        page = planner.get(f"{SITES}?q={wanted}")
        assert (page.status_code, page.context["rows"]) == (200, [])
