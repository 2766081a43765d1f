"""The API's description (OpenAPI 3.1) and a page to read it on, made from it on the server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer

from config.api_codes import problem_codes

METHODS = ("get", "post", "patch")


@cache
def description() -> dict[str, Any]:
    """The whole description. It is the same for everyone until the next start."""
    with translation.override("en"):
        schema = SchemaGenerator().get_schema(public=True)
        described: dict[str, Any] = json.loads(OpenApiJsonRenderer().render(schema))
    return described


@require_safe
@cache_control(max_age=300, public=True)
def schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    described = description()
    context = {
        "groups": _groups(described),
        "shapes": _shapes(described),
        "codes": problem_codes(),
    }
    return render(request, "api/docs.html", context)


@dataclass(frozen=True)
class Row:
    """A parameter or a field: its name, its type in a word, and what it means."""

    name: str
    type: str
    description: str
    required: bool
    # The shape that the type is made of.
    shape: str = ""


@dataclass(frozen=True)
class Message:
    """A request body or a response."""

    label: str
    description: str
    shape: str
    example: str


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_key: bool
    parameters: list[Row] = field(default_factory=list)
    request: Message | None = None
    responses: list[Message] = field(default_factory=list)


def _groups(described: dict[str, Any]) -> list[tuple[str, list[Operation]]]:
    operations = list(_operations(described["paths"]))
    return [
        (tag["name"], [operation for name, operation in operations if name == tag["name"]])
        for tag in described["tags"]
    ]


def _operations(paths: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, methods in paths.items():
        for method in METHODS:
            if method in methods:
                yield methods[method]["tags"][0], _operation(path, method, methods[method])


def _operation(path: str, method: str, source: dict[str, Any]) -> Operation:
    body = source.get("requestBody")
    return Operation(
        id=source["operationId"],
        method=method.upper(),
        path=path,
        summary=source["summary"],
        description=source.get("description", ""),
        needs_key={} not in source.get("security", [{}]),
        parameters=[_parameter(one) for one in source.get("parameters", [])],
        request=_message("", body) if body else None,
        responses=[_message(status, one) for status, one in source["responses"].items()],
    )


def _parameter(source: dict[str, Any]) -> Row:
    kind, shape = _type(source["schema"])
    where = "" if source["in"] == "query" else f" ({source['in']})"
    about = source.get("description", "")
    return Row(source["name"] + where, kind, about, source.get("required", False), shape)


def _message(label: str, source: dict[str, Any]) -> Message:
    content: dict[str, Any] = next(iter(source.get("content", {}).values()), {})
    examples = [one["value"] for one in content.get("examples", {}).values() if "value" in one]
    example = json.dumps(examples[0], ensure_ascii=False, indent=2) if examples else ""
    _kind, shape = _type(content.get("schema", {}))
    return Message(label, source.get("description", ""), shape, example)


def _shapes(described: dict[str, Any]) -> list[tuple[str, str, list[Row]]]:
    return [
        (name, source.get("description", ""), list(_fields(source)))
        for name, source in described["components"]["schemas"].items()
        if "properties" in source
    ]


def _fields(source: dict[str, Any]) -> Iterator[Row]:
    for name, schema in source["properties"].items():
        kind, shape = _type(schema)
        required = name in source.get("required", [])
        yield Row(name, kind, schema.get("description", ""), required, shape)


def _type(schema: dict[str, Any]) -> tuple[str, str]:
    """A word or two for people, and the name of the shape if there is one."""
    if "$ref" in schema:
        return _referred(schema["$ref"].rsplit("/", 1)[1])
    for combined in ("allOf", "oneOf", "anyOf"):
        if combined in schema:
            kinds = [_type(one) for one in schema[combined]]
            shapes = [shape for _kind, shape in kinds if shape]
            return " or ".join(kind for kind, _shape in kinds), (shapes or [""])[0]
    if "enum" in schema:
        return " · ".join("null" if one is None else str(one) for one in schema["enum"]), ""
    if schema.get("type") == "array":
        kind, shape = _type(schema["items"])
        return f"list of {kind}", shape
    named = schema.get("type", "any")
    kind = " or ".join(named) if isinstance(named, list) else str(named)
    return schema.get("format", kind) if kind == "string" else kind, ""


def _referred(name: str) -> tuple[str, str]:
    source = description()["components"]["schemas"][name]
    return (name, name) if "properties" in source else _type(source)
