"""The check of the Chinese catalogue finds what a reader would stumble over."""

from pathlib import Path

import polib
import pytest

from scripts import messages
from scripts.messages import find_faults, traditional, update


def entry(msgid: str, msgstr: str = "", **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> polib.POFile:
    path = tmp_path / "django.po"
    monkeypatch.setattr(messages, "CATALOGUE", path)
    monkeypatch.setattr(messages, "COMPILED", path.with_suffix(".mo"))
    monkeypatch.setattr(messages, "TRADITIONAL", tmp_path / "traditional.mo")
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans"}
    catalogue.append(entry("Places left", "剩余名额"))
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(messages.COMPILED))
    return catalogue


def faults(catalogue: polib.POFile, extracted: polib.POFile | None = None) -> list[str]:
    catalogue.save()
    catalogue.save_as_mofile(str(messages.COMPILED))
    traditional(catalogue).save_as_mofile(str(messages.TRADITIONAL))
    return list(find_faults(catalogue, extracted))


def test_a_complete_catalogue_has_no_faults(catalogue: polib.POFile) -> None:
    extracted = polib.POFile()
    extracted.append(entry("Places left"))
    assert faults(catalogue, extracted) == []


def test_a_text_that_the_catalogue_lacks_is_named(catalogue: polib.POFile) -> None:
    extracted = polib.POFile()
    extracted.extend([entry("Places left"), entry("Full")])
    assert faults(catalogue, extracted) == ["missing: 'Full'"]


@pytest.mark.parametrize(
    "unfinished", [entry("Full"), entry("Full", "已满", flags=["fuzzy"])], ids=["empty", "fuzzy"]
)
def test_an_unfinished_translation_is_named(
    catalogue: polib.POFile, unfinished: polib.POEntry
) -> None:
    catalogue.append(unfinished)
    assert faults(catalogue) == ["not translated: 'Full'"]


def test_a_translation_that_loses_a_placeholder_is_named(catalogue: polib.POFile) -> None:
    catalogue.append(entry("Ask %(name)s", "请咨询"))
    assert faults(catalogue) == ["other placeholders than the original: 'Ask %(name)s'"]


def test_chinese_needs_no_number_in_a_plural(catalogue: polib.POFile) -> None:
    plural = entry("%(n)s person", msgid_plural="%(n)s people", msgstr_plural={0: "多人"})
    catalogue.append(plural)
    assert faults(catalogue) == []


def test_a_compiled_catalogue_that_is_out_of_date_is_named(catalogue: polib.POFile) -> None:
    catalogue.append(entry("Full", "已满"))
    traditional(catalogue).save_as_mofile(str(messages.TRADITIONAL))
    assert list(find_faults(catalogue, None)) == [
        f"{messages.COMPILED} is not compiled from django.po: run make messages."
    ]


def test_an_update_takes_in_new_texts_and_drops_unused_ones(catalogue: polib.POFile) -> None:
    catalogue.append(entry("Unused", "不用"))
    extracted = polib.POFile()
    extracted.extend([entry("Places left"), entry("Full")])
    update(catalogue, extracted)
    assert [(one.msgid, one.msgstr) for one in polib.pofile(str(messages.CATALOGUE))] == [
        ("Full", ""),
        ("Places left", "剩余名额"),
    ]


def test_traditional_chinese_is_made_of_the_simplified(catalogue: polib.POFile) -> None:
    catalogue.append(entry("Exit-entry hall", "出入境办证大厅"))
    assert traditional(catalogue).find("Exit-entry hall").msgstr == "出入境辦證大廳"


def test_traditional_chinese_that_fell_behind_is_named(catalogue: polib.POFile) -> None:
    assert faults(catalogue) == []
    catalogue.append(entry("Full", "已满"))
    catalogue.save()
    catalogue.save_as_mofile(str(messages.COMPILED))
    assert list(find_faults(catalogue, None)) == [
        f"{messages.TRADITIONAL} is not made of django.po: run make messages."
    ]
