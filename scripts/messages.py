"""The Chinese catalogue: every text of the sources, translated and compiled.

Traditional Chinese is made of the Simplified: locale/zh_Hant holds nothing that anybody wrote.

    python -m scripts.messages            take in new texts, drop unused ones, compile
    python -m scripts.messages --check    say what is missing; change nothing

Without gettext's programs the check leaves out the search of the sources.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import opencc
import polib

LANGUAGE = "zh_Hans"
CATALOGUE = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")
COMPILED = CATALOGUE.with_suffix(".mo")
TRADITIONAL = Path("locale", "zh_Hant", "LC_MESSAGES", "django.mo")
NOT_SOURCES = {"tests", "scripts", "bench"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make messages")
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    catalogue = polib.pofile(str(CATALOGUE), wrapwidth=100)
    extracted = extract() if shutil.which("xgettext") else None
    if extracted is None:
        print("gettext is not installed: the sources weren't searched for new texts.")
    elif not check:
        update(catalogue, extracted)
    faults = list(find_faults(catalogue, extracted))
    print("\n".join(faults) or f"{CATALOGUE}: {len(catalogue)} texts, all translated.")
    return 1 if faults else 0


def extract() -> polib.POFile:
    """Return the texts of the sources, searched in a copy: makemessages writes beside them."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for source in source_folders():
            shutil.copytree(source, copy / source)
        (copy / "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale", LANGUAGE]
        subprocess.run([*command, "--no-location"], cwd=copy, check=True, capture_output=True)
        return polib.pofile(str(copy / CATALOGUE))


def source_folders() -> Iterator[Path]:
    yield Path("templates")
    for package in sorted(Path().glob("*/__init__.py")):
        if package.parent.name not in NOT_SOURCES:
            yield package.parent


def update(catalogue: polib.POFile, extracted: polib.POFile) -> None:
    """Make the catalogue hold the extracted texts, with the translations it has, and compile it."""
    known = {key(entry): entry for entry in catalogue}
    for entry in extracted:
        if key(entry) in known:
            known[key(entry)].flags = entry.flags
    entries = [known.get(key(entry), entry) for entry in extracted]
    catalogue[:] = sorted(entries, key=lambda entry: str(entry.msgid))
    catalogue.save()
    catalogue.save_as_mofile(str(COMPILED))
    TRADITIONAL.parent.mkdir(parents=True, exist_ok=True)
    traditional(catalogue).save_as_mofile(str(TRADITIONAL))


def traditional(catalogue: polib.POFile) -> polib.POFile:
    """The same texts in the characters that Hong Kong and Macao use."""
    convert = opencc.OpenCC("s2hk").convert
    derived = polib.POFile()
    derived.metadata = {**catalogue.metadata, "Language": "zh_Hant"}
    for entry in catalogue:
        plural = {number: convert(text) for number, text in entry.msgstr_plural.items()}
        derived.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr=convert(entry.msgstr),
                msgstr_plural=plural,
            )
        )
    return derived


def find_faults(catalogue: polib.POFile, extracted: polib.POFile | None) -> Iterator[str]:
    known = {key(entry) for entry in catalogue}
    for entry in extracted or []:
        if key(entry) not in known:
            yield f"missing: {entry.msgid!r}"
    for entry in catalogue:
        if not entry.translated():
            yield f"not translated: {entry.msgid!r}"
        elif not keeps_placeholders(entry):
            yield f"other placeholders than the original: {entry.msgid!r}"
    yield from compiler_complaints()
    if compiled(polib.mofile(str(COMPILED))) != compiled(catalogue):
        yield f"{COMPILED} is not compiled from {CATALOGUE.name}: run make messages."
    if compiled(polib.mofile(str(TRADITIONAL))) != compiled(traditional(catalogue)):
        yield f"{TRADITIONAL} is not made of {CATALOGUE.name}: run make messages."


def compiler_complaints() -> list[str]:
    """Return what `compilemessages` would say; it runs the same program."""
    if not shutil.which("msgfmt"):
        return []
    command = ["msgfmt", "--check-format", "--output-file=/dev/null", str(CATALOGUE)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stderr.splitlines()


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt or None, entry.msgid, entry.msgid_plural or ""


def keeps_placeholders(entry: polib.POEntry) -> bool:
    """Tell whether a translation can be filled in. Chinese may leave out a number's plural."""
    allowed = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
    needed = set() if entry.msgid_plural else allowed
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(needed <= set(PLACEHOLDER.findall(text)) <= allowed for text in texts)


def compiled(texts: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str, str], object]:
    return {key(one): one.msgstr_plural or one.msgstr for one in texts.translated_entries()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
