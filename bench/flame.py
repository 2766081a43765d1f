"""Where the time of a booking goes: python -m bench.flame [NAME …] [--seconds 15]

Writes a flame graph of the web server's Python (py-spy), and a table of PostgreSQL's statements
by the time that planning and running them took (pg_stat_statements), both below bench/results.
Watching costs time itself: these shares are no rates.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import people, report, tools
from bench.desk import Desk
from bench.loads import bookings, sold_out
from bench.scene import set_scene
from bench.stage import Stage, stage

SAMPLES_PER_SECOND = 250
CONNECTIONS = 16
SHOWN = 25
WATCHED = {
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track_planning": "on",
}
_TOP = """
    SELECT sum(total_plan_time + total_exec_time) OVER () AS total,
        total_plan_time, total_exec_time, calls, rows, query
    FROM pg_stat_statements
    WHERE calls > 0 AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    ORDER BY total_plan_time + total_exec_time DESC LIMIT %s
"""


def _many(on: Stage) -> tuple[Desk, int]:
    scene = set_scene(on, slots=bookings.MANY, capacity=bookings.CAPACITY, offices=bookings.OFFICES)
    return Desk(on, scene, people.Crowd()), bookings.CREATED


def _full(on: Stage) -> tuple[Desk, int]:
    return sold_out.prepare(on, people.Crowd()), sold_out.CONFLICT


DESKS: dict[str, Callable[[Stage], tuple[Desk, int]]] = {"bookings": _many, "sold_out": _full}


def watch(name: str, seconds: float, folder: Path) -> None:
    """Record one load on a stage of its own."""
    with stage(settings=WATCHED) as on:
        on.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        desk, expected = DESKS[name](on)
        desk.send(CONNECTIONS, 2, expected)
        on.execute("SELECT pg_stat_statements_reset()")
        graph = folder / f"flame-{name}.svg"
        with _py_spy(on.pid("web"), seconds, graph) as recorder:
            requests = desk.send(CONNECTIONS, seconds + 1, expected).requests
            if recorder.wait() != 0:
                raise RuntimeError("py-spy failed; what it said stands above.")
        _name(graph, f"Python of the web server: {name}")
        table = folder / f"statements-{name}.md"
        table.write_text(_statements(on, name, requests), encoding="utf-8")
    print(f"{name}: {graph} and {table}")


def _py_spy(pid: int, seconds: float, graph: Path) -> "subprocess.Popen[bytes]":
    command = [str(tools.program("py-spy")), "record", "--pid", str(pid), "--subprocesses"]
    command += ["--duration", str(round(seconds)), "--rate", str(SAMPLES_PER_SECOND)]
    command += ["--output", str(graph)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _name(graph: Path, title: str) -> None:
    """Let the drawing say what it shows, and not from which folder it was made."""
    text = graph.read_text(encoding="utf-8").replace(sys.executable, "python")
    graph.write_text(re.sub(r">[^<]*py-spy record[^<]*<", f">{title}<", text), encoding="utf-8")


def _statements(on: Stage, name: str, requests: int) -> str:
    lines = [
        f"# Statements of the load {name}",
        "",
        f"Of {requests:,} requests, by share of the time that PostgreSQL spent on them.",
        "",
        "| share | calls a request | planning, ms | running, ms | rows | statement |",
        "|--:|--:|--:|--:|--:|---|",
    ]
    for total, plan, run, calls, rows, query in on.rows(_TOP, [SHOWN]):
        text = " ".join(query.split()).replace("|", "\\|")
        text = text if len(text) <= 160 else f"{text[:110]} … {text[-48:]}"
        cells = [
            f"{100 * (plan + run) / total:.1f} %",
            f"{calls / requests:.2f}",
            f"{plan / calls:.3f}",
            f"{run / calls:.3f}",
            f"{rows / calls:.1f}",
            f"`{text}`",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.flame")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(DESKS)}")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--out", type=Path, default=report.RESULTS)
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(DESKS):
        parser.error(f"unknown: {', '.join(unknown)}")
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in asked.names or DESKS:
        watch(name, asked.seconds, asked.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
