"""The documents keep up with what they describe."""

import re
from pathlib import Path

import pytest

from tests.house import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_the_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_operations_lists_the_settings_that_come_from_the_environment() -> None:
    modules = (ROOT / "config" / name for name in ("settings.py", "messaging.py"))
    settings = "".join(module.read_text(encoding="utf-8") for module in modules)
    read = set(re.findall(r'\benv\.\w+\(\s*"(\w+)"', settings))
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", operations, re.M)) == read


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_the_documents_name_exist(document: Path) -> None:
    named = re.findall(r"`(\w[\w./-]*/[\w.-]*)`", document.read_text(encoding="utf-8"))
    ours = [name for name in named if (ROOT / name.partition("/")[0]).exists()]
    assert [name for name in ours if not (ROOT / name).exists()] == []
