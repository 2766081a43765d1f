"""The house stands as docs/architecture.md draws it. Each rule is also shown a violation."""

from statistics import median

import pytest

from tests import house
from tests.house import Module

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
MODULES = house.modules()
TEMPLATES = {
    str(path.relative_to(house.ROOT / "templates")): path.read_text(encoding="utf-8")
    for path in house.templates()
}


def test_imports_between_the_apps_form_the_dag() -> None:
    assert [line for module in MODULES for line in house.imports_against_the_dag(module)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("offices.domain.calendar", "from bookings.models import Slot"),
        ("offices.domain.calendar", "from applicants import enums"),
        ("applicants.domain.outbox", "import partners.models"),
        ("partners.api.views", "def view():\n    from offices.models import Office"),
        ("bookings.models.slot", "from config.celery import app"),
        ("bookings.models.slot", "import visits"),
        (
            "bookings.domain.parties",
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    from visits.models import Ticket",
        ),
        ("applicants.domain.outbox", "apps.get_model('bookings.Booking')"),
        ("applicants.domain.outbox", "import_module('bookings.tasks')"),
        ("offices.domain.hours", "from . import calendar"),
    ],
)
def test_an_import_against_the_dag_is_seen(name: str, source: str) -> None:
    assert len(house.imports_against_the_dag(Module(name, source))) == 1


def test_an_import_along_the_dag_is_allowed() -> None:
    source = "import datetime\nfrom offices.models import Office\nfrom bookings import enums"
    assert house.imports_against_the_dag(Module("visits.domain.check_in", source)) == []


def test_a_layer_imports_only_what_stands_to_its_left() -> None:
    assert [line for module in MODULES for line in house.imports_against_the_layers(module)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bookings.models.slot", "from bookings.domain.allocation import take_places"),
        ("bookings.models.slot", "from bookings.domain import allocation"),
        (
            "bookings.models.slot",
            "def full(self):\n    from offices.domain.policy import policy_for",
        ),
        ("bookings.enums", "from bookings.models import Slot"),
        ("applicants.identity", "from applicants.models import Applicant"),
        ("bookings.domain.lifecycle", "from bookings.pages.forms import PartyForm"),
        ("bookings.domain.lifecycle", "from bookings.tasks import expire"),
        ("bookings.forms", "from bookings.pages import book"),
        ("bookings.forms", "from bookings.serializers import BookingSerializer"),
        ("bookings.pages.book", "from bookings.api.views import BookingView"),
        ("bookings.tasks", "from bookings.management.commands import publish"),
    ],
)
def test_an_import_against_the_layers_is_seen(name: str, source: str) -> None:
    assert len(house.imports_against_the_layers(Module(name, source))) == 1


def test_an_import_along_the_layers_is_allowed() -> None:
    source = "from bookings.domain import lifecycle\nfrom applicants.pages.access import signed_in"
    assert house.imports_against_the_layers(Module("bookings.pages.book", source)) == []


def test_taken_is_written_in_one_place() -> None:
    assert [line for module in MODULES for line in house.writes_of_taken(module)] == []


@pytest.mark.parametrize(
    "source",
    [
        "Quota.objects.filter(pk=1).update(taken=F('taken') + 1)",
        "Quota.objects.create(slot=slot, taken=3)",
        "Quota(slot=slot, taken=3)",
        "Quota.objects.get_or_create(slot=slot, defaults={'taken': 3})",
        "Quota.objects.bulk_update(quotas, ['taken'])",
        "quota.save(update_fields=['taken'])",
        "quota.taken = 3",
        "quota.taken += 1",
        "setattr(quota, 'taken', 3)",
        "cursor.execute('UPDATE bookings_quota SET version = 1, taken = taken + 1 WHERE id = 1')",
        "cursor.execute(f'update {table} set taken = 0')",
        "cursor.execute('INSERT INTO bookings_quota (slot_id, taken) VALUES (1, 2)')",
    ],
)
def test_a_second_writer_of_taken_is_seen(source: str) -> None:
    assert len(house.writes_of_taken(Module("bookings.domain.quotas", source))) == 1
    assert house.writes_of_taken(Module(house.SOLE_WRITER, source)) == []


@pytest.mark.parametrize(
    "source",
    [
        "left = quota.capacity - quota.taken",
        "Quota.objects.filter(taken=0).update(capacity=F('taken') + 1)",
        "raise BelowTaken(quota_id=1, capacity=2, taken=3)",
        "cursor.execute('UPDATE bookings_quota SET capacity = 3 WHERE taken = 0')",
        "cursor.execute('SELECT taken FROM bookings_quota')",
    ],
)
def test_reading_taken_is_allowed(source: str) -> None:
    assert house.writes_of_taken(Module("bookings.domain.quotas", source)) == []


def test_files_and_functions_stay_short() -> None:
    files = {module.name: len(module.source.splitlines()) for module in MODULES}
    functions = {
        f"{module.name}.{name}": length for module in MODULES for name, length in module.functions
    }
    assert {name: length for name, length in files.items() if length > MAX_FILE_LINES} == {}
    assert {name: n for name, n in functions.items() if n > MAX_FUNCTION_LINES} == {}
    assert median(functions.values()) <= 10


def test_the_length_of_a_function_counts_its_signature_and_nested_ones() -> None:
    source = "def outer(\n    a,\n):\n    def inner():\n        return a\n    return inner\n"
    assert list(Module("config.pages", source).functions) == [("outer", 6), ("inner", 2)]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_obeys_the_content_security_policy(name: str) -> None:
    assert house.forbidden_markup(TEMPLATES[name]) == []


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ('<p class="a" style="color: red">', "an inline style"),
        ("<style>p { color: red }</style>", "an inline style"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<a href="javascript:void(0)">', "an inline script"),
        ('<button type="button"\n onclick="go()">', "an event handler"),
        ('<script src="https://cdn.example.org/a.js"></script>', "a resource of another host"),
        ('<img src="//cdn.example.org/a.png">', "a resource of another host"),
        (
            '<link rel="stylesheet" href="http://cdn.example.org/a.css">',
            "a resource of another host",
        ),
    ],
)
def test_forbidden_markup_is_seen(html: str, what: str) -> None:
    assert house.forbidden_markup(html) == [what]


def test_links_to_other_sites_and_own_files_are_allowed() -> None:
    html = (
        '<a href="https://s.nia.gov.cn/">移民局</a> <script src="{% static \'js/a.js\' %}" defer>'
        '</script> <link rel="icon" href="{% static \'icons/mark.svg\' %}">'
        '<td class="{% if a %}b{% endif %} {% include "c.html" with online=3 %}">'
    )
    assert house.forbidden_markup(html) == []


def test_every_template_is_a_page_of_the_base_or_an_include() -> None:
    included = {part for html in TEMPLATES.values() for part in house.included_templates(html)}
    strays = {
        name
        for name, html in TEMPLATES.items()
        if not house.extends_another(html)
        and name not in included
        and name != "base.html"
        and "includes" not in name.split("/")
        # Rendered by crispy forms.
        and not name.startswith("bootstrap5/")
    }
    assert strays == set()


def test_a_template_extends_another_only_at_its_start() -> None:
    assert house.extends_another('{# why #}\n{% extends "base.html" %}')
    assert not house.extends_another('<p>\n{% extends "base.html" %}')
    assert not house.extends_another('{# {% extends "base.html" %} #}<p>')


def test_every_dependency_has_a_reason() -> None:
    named = {
        name
        for file in ("requirements.in", "requirements-dev.in")
        for name in house.required_packages((house.ROOT / file).read_text())
    }
    reasons = (house.ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    assert house.packages_with_reasons(reasons) == named


def test_packages_are_read_without_extras_versions_and_comments() -> None:
    source = "-r requirements.txt\n# why\nDjango~=5.2.8\ncelery[redis]~=5.7.0\n\nredis\n"
    assert house.required_packages(source) == {"Django", "celery", "redis"}
    page = "Prose on `nothing`.\n| `Django` 5.2, `redis` | pages | `flask` |\n| package | for |\n"
    assert house.packages_with_reasons(page) == {"Django", "redis"}
