"""What one booking through the API asks of PostgreSQL, as the server itself sees it."""

import re
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench import people
from bench.scene import Scene
from bench.stage import PROXY_HEADERS, Stage

# Everything that the server is asked and by whom.
_LOGGED = {"log_statement": "all", "log_line_prefix": "<%a> "}
_ENTRY = re.compile(r"^<([^>]*)> LOG:  (?:statement|execute [^:]*): (.*)$")
_LITERAL = re.compile(r"'(?:[^']|'')*'")
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
    text = " ".join(_LITERAL.sub("''", statement).split())
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


def logged(text: str, program: str) -> list[str]:
    """The statements of one program in the server's log, whose further lines are indented."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if entry := _ENTRY.match(line):
            found.append((entry[1], entry[2]))
        elif line.startswith("\t") and found:
            name, statement = found[-1]
            found[-1] = (name, f"{statement}\n{line.strip()}")
    return [statement.strip() for name, statement in found if name == program]


def record_bookings(
    stage: Stage, scene: Scene, serials: Sequence[int]
) -> list[tuple[int, list[str]]]:
    """For each person the statements of booking for them, one request after the other."""
    found = []
    for serial in serials:
        slot = scene.slots[serial % len(scene.slots)]
        with recording(stage) as statements:
            post(stage, people.request_line(slot, serial), scene.token)
        found.append((serial, statements))
    return found


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
