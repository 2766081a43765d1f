"""What one booking through the API asks of PostgreSQL, as the server itself sees it."""

import os
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench import people
from bench.scene import Scene
from bench.stage import PROXY_HEADERS, Stage

# Everything that the server is asked and by whom.
_LOGGED = {"log_statement": "all", "log_line_prefix": "<%a %p> "}
_ENTRY = re.compile(r"^<([^>]*) (\d+)> LOG:  (?:statement|execute [^:]*): (.*)$")
_PREPARE = re.compile(r"PREPARE (\w+) AS (.*)", re.S)
_EXECUTE = re.compile(r"EXECUTE (\w+) \((.*)\)", re.S)
_PARAMETER = re.compile(r"\$(\d+)")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
# Of these many bookings in a row, some meet every process with everything at hand.
_RECORDED = 40
_INNERMOST = re.compile(r"\([^()]*\)")
_SHAPES = (
    re.compile(r"^(INSERT) INTO \"?(\w+)", re.I),
    re.compile(r"^(UPDATE|DELETE FROM) (?:ONLY )?\"?(\w+)", re.I),
    re.compile(r"^(WITH) \"?(\w+)", re.I),
    re.compile(r"^(SELECT)\b.*? FROM (?:ONLY )?\"?(\w+)", re.I),
    re.compile(r"^(SELECT) \"?(\w+)", re.I),
    re.compile(r"^(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET)\b()", re.I),
)
# Opening and closing a transaction: sent, but not what a count of statements means.
BRACKETS = {"BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"}


def shape(statement: str) -> str:
    """What a statement does to what, e.g. "INSERT bookings_booking"."""
    text = " ".join(_LITERAL.sub("''", _COMMENT.sub("", statement)).split())
    while (flat := _INNERMOST.sub("", text)) != text:
        text = flat
    for pattern in _SHAPES:
        if found := pattern.match(text):
            return f"{found[1].upper()} {found[2]}".strip()
    return text


@contextmanager
def recording(stage: Stage, program: str = "yihao-web") -> Iterator[list[str]]:
    """Collect in order what a program asks; the list is complete once this is left."""
    for name, value in _LOGGED.items():
        stage.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    _reload(stage)
    statements: list[str] = []
    before = stage.log("postgres").stat().st_size
    try:
        yield statements
    finally:
        with stage.log("postgres").open("rb") as log:
            log.seek(before)
            statements += logged(log.read().decode(), program)
        for name in _LOGGED:
            stage.execute(f"ALTER SYSTEM RESET {name}")
        _reload(stage)


# The bodies of prepared statements, by process of PostgreSQL and name.
Prepared = dict[tuple[str, str], str]


def logged(text: str, program: str, prepared: Prepared | None = None) -> list[str]:
    """The statements of one program in the server's log.

    A prepared statement that is executed is told as what it stands for, as far as its PREPARE is
    in this text or in an earlier one with the same `prepared`.
    """
    known = {} if prepared is None else prepared
    return [
        _expanded(statement, process, known)
        for name, process, statement in _entries(text)
        if name == program
    ]


def _entries(text: str) -> Iterator[tuple[str, str, str]]:
    """Program, process and statement; the further lines of a statement are indented."""
    entry: re.Match[str] | None = None
    lines: list[str] = []
    for line in [*text.splitlines(), "<end>"]:
        if entry and line.startswith("\t"):
            lines.append(line.strip())
            continue
        if entry:
            yield entry[1], entry[2], "\n".join(lines).strip()
        if entry := _ENTRY.match(line):
            lines = [entry[3]]


def _expanded(statement: str, process: str, prepared: Prepared) -> str:
    if found := _PREPARE.fullmatch(statement):
        prepared[process, found[1]] = found[2]
    found = _EXECUTE.fullmatch(statement)
    if not found or (process, found[1]) not in prepared:
        return statement
    values = _arguments(found[2])
    return _PARAMETER.sub(lambda number: values[int(number[1]) - 1], prepared[process, found[1]])


def _arguments(text: str) -> list[str]:
    """Split at the commas that stand outside of literals and brackets."""
    found, depth, quoted = [""], 0, False
    for character in text:
        quoted ^= character == "'"
        if not quoted:
            depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth and not quoted:
            found.append("")
        else:
            found[-1] += character
    return [each.strip() for each in found]


@dataclass(frozen=True)
class Recorded:
    """One booking: its place among those recorded, for whom, and its statements."""

    order: int
    serial: int
    statements: list[str]


def leanest_booking(stage: Stage, scene: Scene, crowd: people.Crowd) -> Recorded:
    """Of many bookings in a row the one that asked least: under load hardly any finds less.

    The web server starts anew, so that what its connections prepare is seen.
    """
    prepared: Prepared = {}
    found = []
    with recording(stage), stage.log("postgres").open(encoding="utf-8") as log:
        stage.restart("web")
        log.seek(0, os.SEEK_END)
        for order, serial in enumerate(crowd.take(_RECORDED)):
            post(stage, people.request_line(scene.slots[0], serial), scene.token)
            found.append(Recorded(order, serial, logged(log.read(), "yihao-web", prepared)))
    return min(found, key=lambda each: len(each.statements))


def post(stage: Stage, line: str, token: str) -> None:
    """Send one line of people.write_requests. Raises urllib.error.HTTPError for a refusal."""
    key, _tab, body = line.rstrip("\n").partition("\t")
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        **PROXY_HEADERS,
    }
    request = urllib.request.Request(f"{stage.base}/api/v1/bookings/", body.encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        answer.read()


def _reload(stage: Stage) -> None:
    """Have every backend read the settings; those that sleep do so before their next statement."""
    [(before,)] = stage.rows("SELECT pg_conf_load_time()")
    stage.rows("SELECT pg_reload_conf()")
    while stage.rows("SELECT pg_conf_load_time() > %s", [before]) == [(False,)]:
        pass
