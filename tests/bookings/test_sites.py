"""Self-service sites of a bureau as a table: all of it, or nothing."""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from bookings.domain.sites import COLUMNS, SitesChange, site_rows, take_over_sites, totals
from offices.demo.loading import load_demo
from offices.enums import DeviceKind, SiteKind
from offices.models import Bureau, Device, OrganisationChange, SelfServiceSite
from tests.factories import NOW, make_bureau, make_office

pytestmark = pytest.mark.django_db
HEAD = ["code", "name", "kind", "city", "smart_endorsement"]
REASON = "2024年清单"


@pytest.fixture
def bureau() -> Bureau:
    return make_bureau("foshan", name="佛山市公安局出入境管理支队")


def take(bureau: Bureau, *rows: Sequence[str], head: Sequence[str] = HEAD, dry: bool = False):
    change = SitesChange(bureau, REASON, None, NOW)
    return take_over_sites([head, *rows], change, dry=dry)


def ninety() -> list[list[str]]:
    """90 sites, 64 of them with two machines."""
    return [
        [f"s{n:02}", f"服务点{n:02}", "point", "佛山", "2" if n < 64 else "1"] for n in range(90)
    ]


@pytest.mark.row("FS-14")
def test_90_sites_with_154_machines_are_imported_and_the_totals_match(bureau: Bureau) -> None:
    outcome = take(bureau, *ninety())
    assert (outcome.changed, outcome.problems) == (90, ())
    found = totals(bureau)
    assert (found.sites, found.machines) == (90, 154)
    [tally] = found.tallies
    assert (tally.kind, tally.total, tally.working) == (DeviceKind.SMART_ENDORSEMENT, 154, 154)


def test_the_same_table_again_changes_nothing(bureau: Bureau) -> None:
    take(bureau, *ninety())
    outcome = take(bureau, *ninety())
    assert (outcome.changed, outcome.same) == (0, 90)
    assert OrganisationChange.objects.count() == 1


def test_an_import_is_logged_once_with_its_totals(bureau: Bureau) -> None:
    take(bureau, *ninety())
    [change] = OrganisationChange.objects.all()
    assert (change.bureau, change.reason) == (bureau, REASON)
    assert (change.before, change.after) == (
        {"sites": 0, "machines": 0},
        {"sites": 90, "machines": 154},
    )


def test_a_dry_run_saves_nothing(bureau: Bureau) -> None:
    assert take(bureau, *ninety(), dry=True).changed == 90
    assert totals(bureau).sites == 0


def test_every_bad_row_is_named_and_nothing_is_saved(bureau: Bureau) -> None:
    head = [*HEAD, "latitude", "office", "open_all_day"]
    good = ["a", "服务点", "point", "佛山", "1", "", "", ""]
    outcome = take(
        bureau,
        good,
        ["a", "又一个", "point", "佛山", "1", "", "", ""],
        ["b c", "名", "point", "佛山", "1", "", "", ""],
        ["d", "", "moon", "", "51", "x", "nowhere", "maybe"],
        ["e", "名", "point", "佛山", "1", "91", "", ""],
        ["f", "名", "point", "佛山", "1", "nan", "", ""],
        head=head,
    )
    assert sorted((one.line, one.column) for one in outcome.problems) == [
        (3, "code"),
        (4, "code"),
        *sorted(
            (5, column)
            for column in ("name", "kind", "city", *HEAD[4:], "latitude", "office", "open_all_day")
        ),
        (6, "latitude"),
        (7, "latitude"),
    ]
    assert not SelfServiceSite.objects.exists()


def test_a_table_without_its_columns_or_rows_is_refused(bureau: Bureau) -> None:
    [problem] = take(bureau, ["a"], head=["code"]).problems
    assert "name" in problem.text
    assert len(take(bureau).problems) == 1


def test_machines_are_added_and_taken_away_the_newest_first(bureau: Bureau) -> None:
    take(bureau, ["a", "点", "point", "佛山", "3"])
    first = Device.objects.get(label="01")
    take(bureau, ["a", "点", "point", "佛山", "1"])
    assert list(Device.objects.all()) == [first]
    take(bureau, ["a", "点", "point", "佛山", "2"])
    assert list(Device.objects.values_list("label", flat=True)) == ["01", "02"]


def test_columns_that_are_missing_stay_as_they_are(bureau: Bureau) -> None:
    office = make_office("foshan-chancheng", bureau=bureau, city="佛山")
    head = [*HEAD, "office", "latitude", "open_all_day", "excludes"]
    full = ["a", "点", "point", "佛山", "2", "foshan-chancheng", "23.02", "yes", "state_staff"]
    take(bureau, full, head=head)
    take(bureau, ["a", "新点", "point", "佛山"], head=HEAD[:4])
    site = SelfServiceSite.objects.get()
    assert (site.name, site.office, site.open_all_day) == ("新点", office, True)
    assert (float(site.latitude or 0), site.excludes) == (23.02, ["state_staff"])
    assert site.devices.count() == 2


def test_what_was_given_out_can_be_taken_in(bureau: Bureau) -> None:
    take(bureau, *ninety())
    rows = [list(row) for row in site_rows(bureau)]
    assert take(bureau, *rows, head=COLUMNS).same == 90


def test_the_site_of_another_bureau_is_not_taken(bureau: Bureau) -> None:
    SelfServiceSite.objects.create(code="a", bureau=make_bureau("xiamen"), name="x", city="厦门")
    [problem] = take(bureau, ["a", "点", "point", "佛山", "1"]).problems
    assert problem.column == "code"


def run(path: Path, *options: str) -> str:
    out = StringIO()
    call_command(
        "import_sites", str(path), "--bureau", "foshan", "--reason", REASON, *options, stdout=out
    )
    return out.getvalue()


def test_the_command_takes_a_file_over(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("\n".join(",".join(row) for row in [HEAD, *ninety()]), encoding="utf-8")
    assert "90 sites, 154 machines" not in run(path, "--dry-run")
    assert "foshan: 90 sites, 154 machines" in run(path)


def test_the_command_names_bad_rows_and_files(bureau: Bureau, tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("code,name,kind,city\na,点,moon,佛山\n", encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError, match="Nothing was saved"):
        call_command("import_sites", str(path), "--bureau=foshan", "--reason=x", stderr=errors)
    assert "line 2 kind" in errors.getvalue()
    with pytest.raises(CommandError, match="can't be read"):
        run(tmp_path / "nowhere.csv")
    with pytest.raises(CommandError, match="no bureau"):
        call_command("import_sites", str(path), "--bureau=moon", "--reason=x")


def test_the_demo_sites_come_through_the_table_unchanged() -> None:
    load_demo(NOW.date())
    foshan = Bureau.objects.get(code="foshan")
    rows = [list(row) for row in site_rows(foshan)]
    assert (len(rows), take(foshan, *rows, head=COLUMNS).changed) == (90, 0)
    assert SelfServiceSite.objects.filter(kind=SiteKind.STORE).count() == 50
