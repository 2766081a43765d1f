"""python -m bench [NAME …] [--rounds 3] [--seconds 4] [--scale] [--out DIR]

Without names: every load of `make bench`, or with --scale those on the big tables. Fails when a
load broke a rule of the house or didn't come through, never because of a time.
"""

import argparse
import datetime as dt
import importlib
import pkgutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from bench import invariants, loads, machine, report
from bench.figures import Broken, Figure
from bench.houses import houses
from bench.report import Run, Section
from bench.stage import PRODUCTION, Options, stage
from config.servers.pair import DURABLE
from config.servers.state import State
from config.servers.workload import Workload

# Each load says in SETS where it belongs; one that says nothing is part of `make bench`.
USUAL, SCALE = "usual", "scale"
_PROGRAMS = Workload(State(Path(".state")), {}, 8000).programs()
SETTINGS = {
    "environment": PRODUCTION,
    "commands": {program.name: list(program.argv[1:]) for program in _PROGRAMS},
    "postgres": dict(DURABLE.postgres),
    "valkey": dict(DURABLE.valkey),
}


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    options = Options(asked.rounds, asked.seconds, asked.warm_up, asked.scale)
    modules = _chosen(asked.names, options)
    run = Run(
        command=" ".join(["python -m bench", *(arguments or sys.argv[1:])]),
        options=options,
        settings=SETTINGS,
        started_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        load_before=machine.load_average(),
    )
    print(f"{machine.sentence(run.machine)}; load {run.load_before:.1f}.", flush=True)
    for name, module in modules.items():
        run.sections.append(_play(name, module, options))
        table = report.write(run, asked.out, asked.report)
    print(f"\nThe figures are in {table}.")
    return 0 if run.sound else 1


def names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(loads.__path__))


def load(name: str) -> ModuleType:
    return importlib.import_module(f"bench.loads.{name}")


def _chosen(asked: Sequence[str], options: Options) -> dict[str, ModuleType]:
    if unknown := set(asked) - set(names()):
        sys.exit(f"Unknown: {', '.join(unknown)}. There are: {', '.join(names())}.")
    if asked:
        return {name: load(name) for name in asked}
    wanted = SCALE if options.scale else USUAL
    modules = {name: load(name) for name in names()}
    chosen = {name: each for name, each in modules.items() if wanted in _sets(each)}
    return chosen or sys.exit("No load belongs to this set.")


def _sets(module: ModuleType) -> Sequence[str]:
    sets: Sequence[str] = getattr(module, "SETS", (USUAL,))
    return sets


def _play(name: str, module: ModuleType, options: Options) -> Section:
    """Run one load on a stage of its own, and look at the database afterwards."""
    section = Section(name, module.TITLE)
    print(f"\n{module.TITLE}", flush=True)
    begun = time.monotonic()
    try:
        section.figures, section.broken = _run(module, options)
    except Broken as error:
        section.broken = error.violations
    # One load that doesn't come through must not cost the figures of the others.
    except Exception as error:
        section.failed = f"{type(error).__name__}: {error}"
    section.seconds = time.monotonic() - begun
    _tell(section)
    return section


def _run(module: ModuleType, options: Options) -> tuple[list[Figure], list[str]]:
    """Figures, and the rules that are broken afterwards.

    A load may ask for a stage of another kind with STAGE, the arguments of `stage`, or with HOUSES
    for large houses side by side.
    """
    if not hasattr(module, "HOUSES"):
        with stage(**getattr(module, "STAGE", {})) as on:
            return module.run(on, options), invariants.broken(on)
    with houses(module.HOUSES) as kept:
        figures = module.run(kept, options)
        return figures, [
            f"{size}: {each}" for size, house in kept.items() for each in invariants.broken(house)
        ]


def _tell(section: Section) -> None:
    for figure in section.figures:
        ratio, goal = report.ratio(figure), figure.goal
        parts = [f"  {figure.name}: {report.number(figure.median)} {figure.unit}", ratio]
        if goal:
            parts.append(f"{goal.text}: {'met' if goal.met else 'not met'}")
        print(" · ".join(part for part in parts if part))
    for violation in section.broken:
        print(f"  BROKEN: {violation}")
    if section.failed:
        print(f"  FAILED: {section.failed}")
    print(f"  took {section.seconds:.0f} s", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(names())}")
    usual = Options()
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="how often to measure")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="of each round")
    parser.add_argument("--warm-up", type=float, default=usual.warm_up, help="seconds before")
    parser.add_argument("--scale", action="store_true", help="large crowds and big tables")
    parser.add_argument("--out", type=Path, default=report.RESULTS, help="folder of the results")
    parser.add_argument("--report", default="latest", help="name of the report's files")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("Interrupted; the loads that were done are in the report.")
