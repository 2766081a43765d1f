"""What a run found: a table for people, JSON for programs, plots beside the table."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench import plots
from bench.figures import Figure
from bench.machine import commit, describe, sentence
from bench.stage import Options

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass
class Section:
    """One load. `seconds` is how long all of it took; `broken` the rules that it broke."""

    name: str
    title: str
    figures: list[Figure] = field(default_factory=list)
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)
    failed: str = ""


@dataclass
class Run:
    """All loads of one command."""

    command: str
    options: Options
    settings: dict[str, Any]
    started_at: str
    # Of the minute before: what else the machine was doing.
    load_before: float
    sections: list[Section] = field(default_factory=list)
    machine: dict[str, Any] = field(default_factory=describe)
    source: dict[str, Any] = field(default_factory=commit)

    @property
    def sound(self) -> bool:
        return not any(section.broken or section.failed for section in self.sections)


def write(run: Run, folder: Path = RESULTS, name: str = "latest") -> Path:
    """Write NAME.md, NAME.json and a plot for each load; the path of the table."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(_json(run), encoding="utf-8")
    pictures = {}
    for section in run.sections:
        if drawing := plots.bars(section.title, section.figures):
            picture = folder / f"{name}-{section.name}.svg"
            picture.write_text(drawing, encoding="utf-8")
            pictures[section.name] = picture.name
    table = folder / f"{name}.md"
    table.write_text(markdown(run, pictures), encoding="utf-8")
    return table


def markdown(run: Run, pictures: dict[str, str] | None = None) -> str:
    changed = ", with changes of its own" if run.source["dirty"] else ""
    options = run.options
    parts = [
        "# Figures of one run",
        f"`{run.command}` on {run.started_at[:10]}, commit `{run.source['commit'][:10]}`{changed}.",
        f"{sentence(run.machine)}. The client ran on the same machine. "
        f"{options.rounds} rounds of {options.seconds:g} s after {options.warm_up:g} s of warm-up; "
        "the median counts, the spread is from the least to the most. "
        f"Load of the machine before it began: {run.load_before:.2f}.",
    ]
    for section in run.sections:
        parts += _section(section, (pictures or {}).get(section.name, ""))
    return "\n\n".join(parts) + "\n"


def _section(section: Section, picture: str) -> list[str]:
    parts = [f"## {section.title}"]
    if section.failed:
        parts.append(f"Failed: {section.failed}")
    if section.broken:
        parts.append("**Rules broken:**\n\n" + "\n".join(f"- {each}" for each in section.broken))
    if section.figures:
        parts.append(table(section.figures))
    if picture:
        parts.append(f"![{section.title}]({picture})")
    return parts


def table(figures: Sequence[Figure]) -> str:
    """One row a figure."""
    rows = [
        "| what | median | spread | ratio | goal | met |",
        "|---|--:|--:|--:|---|---|",
    ]
    return "\n".join([*rows, *(_row(figure) for figure in figures)])


def _row(figure: Figure) -> str:
    note = f" ({figure.note})" if figure.note else ""
    spread = "" if len(figure.rounds) == 1 else f"{number(figure.least)}–{number(figure.most)}"
    cells = [
        f"{figure.name}{note}",
        f"{number(figure.median)} {figure.unit}",
        spread,
        ratio(figure),
        figure.goal.text if figure.goal else "",
        {None: "", True: "yes", False: "**no**"}[figure.goal.met if figure.goal else None],
    ]
    return f"| {' | '.join(cells)} |"


def ratio(figure: Figure) -> str:
    """As a share below one and a half, as a multiple above: "27 % of ceiling", "12 × pretix"."""
    if figure.ratio is None:
        return ""
    if figure.ratio < 1.5:
        return f"{100 * figure.ratio:.3g} % of {figure.ratio_to}"
    return f"{figure.ratio:.3g} × {figure.ratio_to}"


def number(value: float) -> str:
    """Three digits are all that a measurement is worth; none of a large number is cut off."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _json(run: Run) -> str:
    document = asdict(run)
    for section, written in zip(run.sections, document["sections"], strict=True):
        for figure, one in zip(section.figures, written["figures"], strict=True):
            one["median"] = figure.median
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
