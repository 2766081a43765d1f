"""Self-service sites of a bureau as a table, taken over whole or not at all (FS-14)."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.domain.exchange.common import Outcome, as_text, problems_of, say_yes
from bookings.domain.sheet import Cells, Problem, Table, read
from offices.domain.changes import note_change
from offices.domain.organisation import offices_below
from offices.domain.permissions import with_those_below
from offices.domain.self_service import Tally, tallies
from offices.enums import DeviceKind, Matters, SiteKind
from offices.models import Bureau, Device, Office, SelfServiceSite

MOST_MACHINES = 50
_CODE = re.compile(r"[-\w]{1,40}", re.ASCII)
# Columns of plain text, with the most characters that they hold.
_TEXTS = {
    "name": 100,
    "name_en": 160,
    "city": 40,
    "city_en": 60,
    "district": 40,
    "district_en": 60,
    "address": 200,
    "address_en": 200,
    "hours": 120,
    "hours_en": 120,
}
# A column for each kind of machine says how many there are.
MACHINES = tuple(DeviceKind.values)
COLUMNS = (
    *("code", "kind", "office", *_TEXTS, "latitude", "longitude"),
    *("open_all_day", "excludes", "is_active", *MACHINES),
)
NEEDED = frozenset({"code", "name", "kind", "city"})


@dataclass(frozen=True, slots=True)
class SitesChange:
    """Who takes a table over, when and why."""

    bureau: Bureau
    reason: str
    account: AbstractBaseUser | None
    now: dt.datetime


@dataclass(frozen=True, slots=True)
class Totals:
    """What the bureau and those below it have."""

    sites: int
    tallies: list[Tally]

    @property
    def machines(self) -> int:
        return sum(tally.total for tally in self.tallies)


def totals(bureau: Bureau) -> Totals:
    sites = sites_below(bureau)
    return Totals(sites.count(), tallies(Device.objects.filter(site__in=sites)))


def sites_below(bureau: Bureau) -> QuerySet[SelfServiceSite]:
    return SelfServiceSite.objects.filter(bureau_id__in=with_those_below({bureau.pk}))


def site_rows(bureau: Bureau) -> Iterable[Sequence[str]]:
    """The table as it stands, in the order of COLUMNS."""
    for site in sites_below(bureau).select_related("office").prefetch_related("devices"):
        counts = _counts(site.devices.all())
        place = [site.code, site.kind, site.office.code if site.office else ""]
        texts = [getattr(site, name) for name in _TEXTS]
        times = [say_yes(site.open_all_day), " ".join(site.excludes), say_yes(site.is_active)]
        machines = [counts.get(kind, 0) for kind in MACHINES]
        yield as_text([*place, *texts, site.latitude, site.longitude, *times, *machines])


def take_over_sites(table: Table, change: SitesChange, *, dry: bool) -> Outcome:
    """All rows or, where any is bad or it is a dry run, none of them.

    A site that the table doesn't name stays as it is; so do machines without a column.
    """
    rows = read(table, COLUMNS, NEEDED)
    if not rows:
        return Outcome(problems=(Problem(1, "", _("There is no row below the head.")),))
    with transaction.atomic():
        outcome = Outcome() if problems_of(rows) else _take(rows, change)
        problems = (*outcome.problems, *problems_of(rows))
        if dry or problems:
            transaction.set_rollback(True)
    return Outcome(outcome.changed, outcome.same, tuple(sorted(problems, key=lambda p: p.line)))


def _take(rows: list[Cells], change: SitesChange) -> Outcome:
    before = totals(change.bureau)
    reader = _Reader.of(change.bureau, rows)
    sites = [reader.read(row) for row in rows]
    if problems_of(rows):
        return Outcome()
    changed = sum(_write(site, row) for site, row in zip(sites, rows, strict=True))
    if changed:
        _log(change, before)
    return Outcome(changed, len(rows) - changed)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What rows are held against: sites and offices that there are, codes that were met."""

    bureau: Bureau
    below: set[int]
    known: Mapping[str, SelfServiceSite]
    offices: Mapping[str, Office]
    met: set[str]

    @classmethod
    def of(cls, bureau: Bureau, rows: Iterable[Cells]) -> "_Reader":
        codes = [row.values.get("code", "") for row in rows]
        sites = SelfServiceSite.objects.filter(code__in=codes).prefetch_related("devices")
        return cls(
            bureau,
            with_those_below({bureau.pk}),
            {site.code: site for site in sites},
            {office.code: office for office in offices_below(bureau)},
            set(),
        )

    def read(self, row: Cells) -> SelfServiceSite:
        """The site as the row has it, not saved; what can't be read is refused."""
        site = self._site(row)
        for name, most in _TEXTS.items():
            if name in row.values:
                setattr(site, name, row.text(name, most))
        for name in ("name", "city"):
            if not row.values.get(name):
                row.refuse(name, _("This cell is empty."))
        site.kind = row.choice("kind", SiteKind.values)
        site.office = self._office(row, site)
        site.latitude = _degrees(row, "latitude", 90, site.latitude)
        site.longitude = _degrees(row, "longitude", 180, site.longitude)
        _read_flags(row, site)
        for kind in MACHINES:
            row.number(kind, MOST_MACHINES)
        return site

    def _site(self, row: Cells) -> SelfServiceSite:
        code = row.values.get("code", "")
        if not _CODE.fullmatch(code):
            row.refuse("code", _("Use letters, digits, hyphens and underscores, at most 40."))
        if code in self.met:
            row.refuse("code", _("This site is in the file twice."))
        self.met.add(code)
        site = self.known.get(code) or SelfServiceSite(code=code, bureau=self.bureau)
        if site.bureau_id not in self.below:
            row.refuse("code", _("Another bureau has a site of this code."))
        return site

    def _office(self, row: Cells, site: SelfServiceSite) -> Office | None:
        if "office" not in row.values:
            return site.office
        code = row.values["office"]
        if code and code not in self.offices:
            row.refuse("office", _("There is no such office of this bureau."))
        return self.offices.get(code)


def _read_flags(row: Cells, site: SelfServiceSite) -> None:
    for name in ("open_all_day", "is_active"):
        if name in row.values:
            setattr(site, name, row.yes(name))
    if "excludes" in row.values:
        site.excludes = row.text("excludes", 400).replace(",", " ").split()


def _degrees(row: Cells, column: str, most: int, now: Decimal | None) -> Decimal | None:
    if column not in row.values:
        return now
    if not row.values[column]:
        return None
    try:
        value = round(Decimal(row.values[column]), 5)
        if abs(value) <= most:
            return value
    except InvalidOperation:
        pass
    row.refuse(column, _("Enter degrees like 24.46821, at most %(most)s.") % {"most": most})
    return None


def _write(site: SelfServiceSite, row: Cells) -> bool:
    """Whether the row changes anything."""
    wanted = {kind: row.number(kind, MOST_MACHINES) or 0 for kind in MACHINES if kind in row.values}
    before = _facts(SelfServiceSite.objects.get(pk=site.pk)) if site.pk else None
    changed = before != _facts(site)
    if changed:
        site.save()
    return _furnish(site, wanted) or changed


def _facts(site: SelfServiceSite) -> list[Any]:
    return [getattr(site, field.attname) for field in site._meta.concrete_fields]


def _furnish(site: SelfServiceSite, wanted: Mapping[str, int]) -> bool:
    """Add what is missing and take away what is too much, the newest first."""
    standing = list(site.devices.all())
    counts = _counts(standing)
    for kind, count in wanted.items():
        of_kind = [device for device in standing if device.kind == kind]
        for device in of_kind[count:]:
            device.delete()
            standing.remove(device)
    for kind, count in wanted.items():
        for _n in range(count - counts.get(kind, 0)):
            standing.append(_place(site, kind, {device.label for device in standing}))
    return any(counts.get(kind, 0) != count for kind, count in wanted.items())


def _place(site: SelfServiceSite, kind: str, taken: set[str]) -> Device:
    label = next(name for n in range(1, 1000) if (name := f"{n:02}") not in taken)
    return Device.objects.create(site=site, kind=kind, label=label)


def _counts(devices: Iterable[Device]) -> dict[str, int]:
    return {str(tally.kind): tally.total for tally in tallies(devices)}


def _log(change: SitesChange, before: Totals) -> None:
    after = totals(change.bureau)
    note_change(
        Matters.DEVICE,
        change.bureau,
        "sites",
        {"sites": before.sites, "machines": before.machines},
        {"sites": after.sites, "machines": after.machines},
        change.reason,
        change.account,
        change.now,
    )
