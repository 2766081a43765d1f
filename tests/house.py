"""What the house's rules look at: the imports of a module, where it stands, what it writes.

Everything here reads source text; nothing is imported, so a rule also sees an import that stands
inside a function or under TYPE_CHECKING.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Whom each package may import beside itself (docs/architecture.md).
MAY_IMPORT: dict[str, set[str]] = {
    "config": {"visits", "bookings", "offices", "applicants", "partners"},
    "visits": {"bookings", "offices", "applicants", "partners"},
    "bookings": {"offices", "applicants", "partners"},
    "offices": set(),
    "applicants": set(),
    "partners": set(),
}
# Inside an app a layer imports itself and what stands to its left. A module at the root of an app
# without a place of its own (identity, crypto …) works on plain values.
LAYERS = (
    {"enums"},
    {"values"},
    {"models"},
    {"gateways"},
    {"domain"},
    {"demo"},
    {"forms", "serializers"},
    {"pages", "api", "tasks", "management", "admin", "signals", "templatetags"},
    {"apps"},
)
RANK = {kind: rank for rank, kinds in enumerate(LAYERS) for kind in kinds}

SOLE_WRITER = "bookings.domain.allocation"
_WRITERS = re.compile(r"a?(bulk_)?(create|update)|a?(get|update)_or_create|Quota|save|setattr")
_SET_CLAUSE = re.compile(r"\bset\b(.*?)(?:\bwhere\b|\bfrom\b|\breturning\b|;|\Z)", re.I | re.S)
_INSERT_CLAUSE = re.compile(r"\binsert\s+into\s+\S*quota\S*\s*\((.*?)\)", re.I | re.S)
_TAKEN_SET = re.compile(r"\btaken\"?\s*=", re.I)


@dataclass(frozen=True)
class Module:
    """A source file by its dotted name, e.g. bookings.domain.allocation."""

    name: str
    source: str

    @property
    def app(self) -> str:
        return self.name.partition(".")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Line and dotted name of everything first-party that the module imports."""
        found = [(node.lineno, name) for node in ast.walk(self.tree) for name in _imported(node)]
        return [(line, name) for line, name in found if name.partition(".")[0] in MAY_IMPORT]

    @property
    def functions(self) -> Iterator[tuple[str, int]]:
        """Name and length in lines, signature and docstring included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def modules() -> list[Module]:
    """Every module of the house; migrations are history and follow no layer."""
    return [
        Module(_dotted(path), path.read_text(encoding="utf-8"))
        for app in MAY_IMPORT
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        # "from . import x" hides where x stands, so it counts as an import of an unknown app.
        base = node.module if node.module and not node.level else "config.relative_import"
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and _called(node) in {"import_module", "get_model"}:
        return [arg.value for arg in node.args[:1] if _is_text(arg)]
    return []


def layer_of(name: str) -> str | None:
    """The layer of a dotted name; None for an app as such and for all of config."""
    app, _, rest = name.partition(".")
    if app == "config" or not rest:
        return None
    kind = rest.partition(".")[0]
    if kind.endswith("forms"):
        return "forms"
    return kind if kind in RANK else "values"


def imports_against_the_dag(module: Module) -> list[str]:
    allowed = MAY_IMPORT[module.app] | {module.app}
    return [
        f"{module.name}:{line} imports {name}"
        for line, name in module.imports
        if name.partition(".")[0] not in allowed
    ]


def imports_against_the_layers(module: Module) -> list[str]:
    own = layer_of(module.name)
    if own is None:
        return []
    return [
        f"{module.name}:{line} ({own}) imports {name} ({layer})"
        for line, name in module.imports
        if (layer := layer_of(name)) and layer != own and RANK[layer] >= RANK[own]
    ]


def writes_of_taken(module: Module) -> list[str]:
    """Places outside the sole writer where `taken` is written, by the ORM or in SQL."""
    if module.name == SOLE_WRITER:
        return []
    lines = {node.lineno for node in ast.walk(module.tree) if _writes_taken(node)}
    return [f"{module.name}:{line} writes taken" for line in sorted(lines)]


def _writes_taken(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "taken" and isinstance(node.ctx, ast.Store | ast.Del)
    if isinstance(node, ast.Call) and _WRITERS.fullmatch(_called(node)):
        return any(keyword.arg == "taken" for keyword in node.keywords) or _names_taken(node)
    if _is_text(node) or isinstance(node, ast.JoinedStr):
        return _sql_writes_taken(_text(node))
    return False


def _names_taken(call: ast.Call) -> bool:
    """defaults={"taken": …}, update_fields=["taken"], setattr(quota, "taken", …)"""
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        named = getattr(argument, "elts", getattr(argument, "keys", [argument]))
        if any(_is_text(name) and _text(name) == "taken" for name in named):
            return True
    return False


def _sql_writes_taken(text: str) -> bool:
    sets = any(_TAKEN_SET.search(clause) for clause in _SET_CLAUSE.findall(text))
    return sets or any("taken" in columns.lower() for columns in _INSERT_CLAUSE.findall(text))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(value) for value in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else "…"


_FORBIDDEN_MARKUP = {
    "an inline style": re.compile(r"<style\b|<[^>]*\sstyle\s*=", re.I),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)|javascript:", re.I),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a resource of another host": re.compile(
        r"""\ssrc(?:set)?\s*=\s*["']?(?:https?:)?//|<link\b[^>]*href\s*=\s*["']?(?:https?:)?//""",
        re.I,
    ),
}


def forbidden_markup(html: str) -> list[str]:
    # `{% include "…" with online=places %}` inside a tag is no event handler.
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", html, flags=re.S)
    return [what for what, pattern in _FORBIDDEN_MARKUP.items() if pattern.search(bare)]


def included_templates(html: str) -> list[str]:
    return re.findall(r"""\{%\s*include\s+["']([^"']+)["']""", html)


def extends_another(html: str) -> bool:
    without_comments = re.sub(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", html, flags=re.S)
    return bool(re.match(r"\s*\{%\s*extends\s", without_comments))


def required_packages(requirements: str) -> set[str]:
    """Names in a requirements file, without extras and versions."""
    return set(re.findall(r"^([A-Za-z][\w.-]*)", requirements, re.M))


def packages_with_reasons(page: str) -> set[str]:
    """Names in backticks in the first column of a page's tables."""
    first_cells = re.findall(r"^\|([^|]*)\|", page, re.M)
    return {name for cell in first_cells for name in re.findall(r"`([\w.-]+)[^`]*`", cell)}
