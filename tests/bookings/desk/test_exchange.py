"""Hours, sessions and places of an office as files, out and in."""

import csv
import datetime as dt
import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from bookings.domain.parties import SYSTEM
from bookings.domain.promise import book
from bookings.models import Quota, QuotaChange, Slot
from offices.enums import SessionKind
from offices.models import OpeningHours, OrganisationChange, Session
from tests.factories import LONG_AGO, NOW, make_line, make_party, make_slot, quota_of

pytestmark = pytest.mark.django_db
EXCHANGE = "/desk/xiamen-zhenhai/exchange/"
HOURS = "line,kind,weekday,opens,closes,capacity,valid_from,valid_until\n"
SESSIONS = "line,kind,date,opens,closes,capacity\n"


def upload(desk, kind: str, content: str | bytes, name: str = "file.csv", reason: str = "调整"):
    data = content.encode() if isinstance(content, str) else content
    form = {"step": "check", "kind": kind, "reason": reason}
    return desk.post(EXCHANGE, {**form, "file": SimpleUploadedFile(name, data)})


def take(desk, preview):
    """Go on from the preview with what it carries."""
    data = preview.context["data"]
    form = {"step": "take", "kind": data["kind"], "reason": data["reason"]}
    return desk.post(EXCHANGE, {**form, "text": preview.context["text"]}, follow=True)


def problems(response) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in response.context["outcome"].problems]


def downloaded(desk, kind: str) -> list[dict[str, str]]:
    content = desk.get(f"{EXCHANGE}?kind={kind}&format=csv").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def add_hours(hall, **fields: object) -> OpeningHours:
    return OpeningHours.objects.create(
        **{
            "office": hall,
            "line": make_line(),
            "weekday": 0,
            "opens": dt.time(9),
            "closes": dt.time(12),
            "capacity": 6,
            "valid_from": LONG_AGO,
        }
        | fields
    )


def add_session(hall, **fields: object) -> Session:
    return Session.objects.create(
        **{
            "office": hall,
            "line": make_line(),
            "kind": SessionKind.SATURDAY,
            "date": dt.date(2026, 8, 8),
            "opens": dt.time(9),
            "closes": dt.time(11),
            "capacity": 5,
        }
        | fields
    )


# --- Out ---------------------------------------------------------------------------------------


def test_hours_sessions_and_places_are_downloaded(desk, hall):
    add_hours(hall, shares={"online": 70, "assisted": 10, "walk_in": 20})
    add_session(hall, name="学生专场", students_only=True)
    make_slot(4, office=hall)
    [hours] = downloaded(desk, "hours")
    assert (hours["weekday"], hours["opens"], hours["online"], hours["valid_until"]) == (
        "1",
        "09:00",
        "70",
        "",
    )
    [session] = downloaded(desk, "sessions")
    assert (session["date"], session["name"], session["students_only"]) == (
        "2026-08-08",
        "学生专场",
        "yes",
    )
    places = {row["pool"]: row for row in downloaded(desk, "quotas")}
    assert places["online"] == {
        "date": "2026-08-04",
        "line": "mainland",
        "starts": "10:00",
        "pool": "online",
        "capacity": "4",
        "taken": "0",
        "version": "1",
    }


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_no_cell_is_a_formula_and_it_comes_back_as_it_was(desk, hall, extension):
    add_session(hall, name="=1+1")
    response = desk.get(f"{EXCHANGE}?kind=sessions&format={extension}")
    content = response.getvalue() if response.streaming else response.content
    if extension == "xlsx":
        rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
        assert "'=1+1" in list(rows)[1]
    else:
        assert ",'=1+1," in content.decode()
    preview = upload(desk, "sessions", content, f"file.{extension}")
    outcome = preview.context["outcome"]
    assert (outcome.changed, outcome.same, outcome.problems) == (0, 1, ())


@pytest.mark.parametrize("query", ["kind=people&format=csv", "kind=hours&format=pdf"])
def test_a_file_that_there_is_not_does_not_exist(desk, query):
    assert desk.get(f"{EXCHANGE}?{query}").status_code == 404


# --- In: hours ---------------------------------------------------------------------------------


def test_hours_are_added_after_a_look_at_what_they_change(desk, hall, supervisor):
    make_line()
    text = f"{HOURS}mainland,acceptance,1,9:00,12:00,6,2026-08-10,\n"
    preview = upload(desk, "hours", text)
    assert "新增或改动1行" in preview.text
    assert OpeningHours.objects.count() == 0
    assert "已导入1行" in take(desk, preview).text
    rule = OpeningHours.objects.get()
    assert (rule.weekday, rule.opens, rule.capacity) == (0, dt.time(9), 6)
    [change] = OrganisationChange.objects.all()
    assert (change.reason, change.account) == ("调整", supervisor)
    assert Slot.objects.filter(office=hall, date=dt.date(2026, 8, 10)).count() == 6
    assert upload(desk, "hours", text).context["outcome"].same == 1


def test_hours_end_and_others_follow_in_one_file(desk, hall):
    add_hours(hall)
    text = (
        f"{HOURS}mainland,acceptance,1,09:00,12:00,6,2020-01-01,2026-08-09\n"
        "mainland,acceptance,1,08:30,12:00,6,2026-08-10,\n"
    )
    take(desk, upload(desk, "hours", text))
    rules = OpeningHours.objects.order_by("valid_from").values_list("opens", "valid_until")
    assert list(rules) == [(dt.time(9), dt.date(2026, 8, 9)), (dt.time(8, 30), None)]


def test_hours_that_overlap_are_refused(desk, hall):
    add_hours(hall)
    preview = upload(desk, "hours", f"{HOURS}mainland,acceptance,1,11:00,13:00,6,2026-08-10,\n")
    assert problems(preview) == [(2, "")]


# --- In: sessions ------------------------------------------------------------------------------


def test_a_bad_row_is_named_and_keeps_all_others_out(desk, hall):
    make_line()
    text = (
        f"{SESSIONS}mainland,saturday,2026-08-08,09:00,11:00,12\n"
        "nobody,saturday,2026-08-15,09:00,11:00,12\n"
        "mainland,saturday,2026-08-99,nine,11:00,many\n"
        "mainland,saturday,2026-08-22,11:00,09:00,12\n"
        "mainland,saturday,2026-08-01,09:00,11:00,12\n"
    )
    preview = upload(desk, "sessions", text)
    assert problems(preview) == [
        (3, "line"),
        (4, "date"),
        (4, "opens"),
        (4, "capacity"),
        (5, "closes"),
        (6, "date"),
    ]
    assert "第3行 · line · 无法识别" in preview.text
    assert 'value="take"' not in preview.text
    assert Session.objects.count() == 0
    form = {"step": "take", "kind": "sessions", "reason": "调整", "text": text}
    assert "第3行" in desk.post(EXCHANGE, form).text
    assert Session.objects.count() == 0


def test_seven_saturdays_of_an_xlsx_file_are_published(desk, hall, supervisor):
    make_line()
    book_ = Workbook()
    book_.active.append(SESSIONS.strip().split(","))
    for week in range(7):
        day = dt.datetime(2026, 8, 8) + dt.timedelta(weeks=week)
        book_.active.append(["mainland", "saturday", day, dt.time(9), dt.time(11), 12])
    content = io.BytesIO()
    book_.save(content)
    take(desk, upload(desk, "sessions", content.getvalue(), "sessions.xlsx"))
    assert Session.objects.filter(created_by=supervisor).count() == 7
    assert Slot.objects.filter(office=hall, date=dt.date(2026, 8, 8)).count() == 4


def test_two_sessions_at_once_in_a_file_are_refused(desk, hall):
    make_line()
    row = "mainland,saturday,2026-08-08,{},11:00,12\n"
    preview = upload(desk, "sessions", SESSIONS + row.format("09:00") + row.format("10:00"))
    assert problems(preview) == [(3, "opens")]


# --- In: places --------------------------------------------------------------------------------


def quotas_file(slot: Slot, capacity: object, version: int = 1) -> str:
    start = f"{slot.local_start:%Y-%m-%d},mainland,{slot.local_start:%H:%M}"
    return f"date,line,starts,pool,capacity,version\n{start},online,{capacity},{version}\n"


def test_places_are_changed_and_logged(desk, hall, supervisor):
    slot = make_slot(10, office=hall)
    take(desk, upload(desk, "quotas", quotas_file(slot, 15)))
    assert quota_of(slot).capacity == 15
    [change] = QuotaChange.objects.all()
    assert (change.reason, change.account) == ("调整", supervisor)


@pytest.mark.parametrize(
    ("capacity", "version", "wrong"),
    [(1, 1, "capacity"), (15, 7, "capacity"), ("many", 1, "capacity"), (9999, 1, "capacity")],
)
def test_places_never_drop_under_what_is_taken_nor_overwrite_a_colleague(
    desk, hall, capacity, version, wrong
):
    slot = make_slot(10, office=hall)
    book(make_party(slot, 2), SYSTEM, NOW)
    preview = upload(desk, "quotas", quotas_file(slot, capacity, version))
    assert problems(preview) == [(2, wrong)]
    assert Quota.objects.get(pk=quota_of(slot).pk).capacity == 10


def test_a_window_that_there_is_not_is_named(desk, hall):
    slot = make_slot(10, office=hall)
    text = quotas_file(slot, 15).replace("10:00", "10:10")
    assert problems(upload(desk, "quotas", text)) == [(2, "starts")]


# --- Files that are none -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "problem"),
    [("", (1, "")), ("line,kind\nmainland,saturday\n", (1, "")), (SESSIONS, (1, ""))],
)
def test_a_file_without_rows_or_columns_says_so(desk, hall, content, problem):
    response = upload(desk, "sessions", content or "\n")
    assert problems(response) == [problem]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no workbook", b"x" * 1_000_001])
def test_what_is_no_table_is_refused_at_its_field(desk, hall, content):
    response = upload(desk, "sessions", content)
    assert list(response.context["form"].errors) == ["file"]


def test_a_reason_and_a_file_are_needed(desk, hall):
    response = desk.post(EXCHANGE, {"step": "check", "kind": "hours"})
    assert list(response.context["form"].errors) == ["file", "reason"]


# --- Files that nobody should send ----------------------------------------------------------------


def packed(parts: dict[str, bytes]) -> bytes:
    """A workbook whose parts are replaced by these."""
    good, made = io.BytesIO(), io.BytesIO()
    Workbook().save(good)
    with ZipFile(good) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return made.getvalue()


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData>"},
        {"xl/workbook.xml": b""},
        {"[Content_Types].xml": b"<a/>"},
        # Small as it comes, and large once it is unpacked.
        {"xl/styles.xml": b" " * 25_000_000},
    ],
)
def test_a_broken_or_swelling_workbook_is_refused(desk, parts):
    shown = upload(desk, "hours", packed(parts), name="hours.xlsx")
    assert shown.status_code == 200
    assert "file" in shown.context["form"].errors


@pytest.mark.parametrize("encoding", ["utf-16", "big5"])
def test_a_file_in_another_encoding_is_refused_and_told_how_to_save_it(desk, encoding):
    row = f"{make_line().code},saturday,2026-08-15,09:00,11:00,5,大年初一\n"
    text = SESSIONS.replace("capacity", "capacity,name") + row
    shown = upload(desk, "sessions", text.encode(encoding))
    assert shown.context["form"].errors == {
        "file": ["无法识别文件编码：仅支持UTF-8和GB 18030。请另存为“CSV UTF-8”格式后重新选择。"]
    }


def test_numbers_that_are_no_days_and_times_are_named(desk, hall):
    far, many = "9999-12-31", "9" * 30
    row = f"{make_line().code},acceptance,1,{many}:00,12:00,6,{many}-01-01,{far}\n"
    found = problems(upload(desk, "hours", HOURS + row))
    assert {(2, "opens"), (2, "valid_from"), (2, "valid_until")} <= set(found)


def test_control_characters_are_left_out_both_ways(desk, hall):
    add_session(hall, name="学生\x07专场")
    sheet = desk.get(f"{EXCHANGE}?kind=sessions&format=xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(sheet.content)).active.values for cell in row]
    assert "学生专场" in cells
    head = SESSIONS.replace("capacity", "capacity,name")
    row = f"{make_line().code},saturday,2026-08-15,09:00,11:00,5,周\x00末\n"
    take(desk, upload(desk, "sessions", head + row))
    assert Session.objects.get(date=dt.date(2026, 8, 15)).name == "周末"


# --- Rows that the office can't hold to ----------------------------------------------------------


def test_hours_that_nobody_could_keep_are_refused_each_by_name(desk, hall):
    make_line("collection")
    text = (
        f"{HOURS}collection,acceptance,1,09:00,12:00,6,2026-08-10,\n"
        "mainland,acceptance,1,09:00,12:00,6,2026-08-02,\n"
        "mainland,acceptance,2,09:00,12:00,0,2026-08-10,\n"
        "mainland,acceptance,3,09:00,12:00,6,2026-08-10,\n"
    )
    preview = upload(desk, "hours", text)
    assert problems(preview) == [(2, "line"), (3, "valid_from"), (4, "capacity")]
    assert "第2行 · line · 本大厅不受理该办理类别，请改填：foreigners, mainland。" in preview.text
    assert not OpeningHours.objects.exists()


def test_hours_do_not_end_before_what_has_been(desk, hall):
    add_hours(hall)
    row = "mainland,acceptance,1,09:00,12:00,6,2020-01-01,{}\n"
    assert problems(upload(desk, "hours", HOURS + row.format("2026-08-01"))) == [(2, "valid_until")]
    assert problems(upload(desk, "hours", HOURS + row.format("2026-08-02"))) == []


def test_sessions_of_no_line_here_or_no_age_are_refused_each_by_name(desk, hall):
    make_line("collection")
    head = SESSIONS.replace("capacity", "capacity,min_age,max_age")
    text = (
        f"{head}collection,saturday,2026-08-08,09:00,11:00,12,,\n"
        "mainland,saturday,2026-08-15,09:00,11:00,0,,\n"
        "mainland,saturday,2026-08-22,09:00,11:00,12,18,16\n"
        "mainland,saturday,2026-08-29,09:00,11:00,12,16,18\n"
    )
    preview = upload(desk, "sessions", text)
    assert problems(preview) == [(2, "line"), (3, "capacity"), (4, "max_age")]
    assert not Session.objects.exists()


@pytest.mark.parametrize("kind", ["hours", "sessions"])
def test_what_stands_comes_back_though_its_line_is_handled_no_longer(desk, hall, kind):
    add_hours(hall)
    add_session(hall)
    hall.permissions.all().delete()
    content = desk.get(f"{EXCHANGE}?kind={kind}&format=csv").getvalue()
    outcome = upload(desk, kind, content).context["outcome"]
    assert (outcome.changed, outcome.same, outcome.problems) == (0, 1, ())
