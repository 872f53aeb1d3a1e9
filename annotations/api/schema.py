"""The description of the API: OpenAPI 3.1 for programs, and a page for people that needs nothing from outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

_METHODS: Final = ("get", "post", "put", "patch", "delete")
_PREFIX: Final = "/api/v1/"
_PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "What went wrong (RFC 9457): a sentence in `detail`, the fields that are wrong in `errors`.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "minLength": 1},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                "required": ["field", "message"],
            },
        },
        "current": {"type": ["object", "null"], "description": "With 412: what is there now."},
        "revision": {"type": "integer", "description": "With 412: the revision of `current`."},
    },
    "required": ["type", "title", "status", "detail", "errors"],
}


def with_problems(
    result: dict[str, Any],
    generator: Any,  # noqa: ARG001 - the signature of a hook
    request: Any,  # noqa: ARG001 - the signature of a hook
    public: bool,  # noqa: ARG001, FBT001 - the signature of a hook
) -> dict[str, Any]:
    """The OpenAPI document with the answer that every operation gives to what it refuses."""
    result["components"]["schemas"]["Problem"] = _PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for item in result["paths"].values():
        for operation in item.values():
            operation["responses"]["default"] = {"description": "Refused; `detail` says why.", "content": content}
    return result


@cache
def description() -> Mapping[str, Any]:
    """The OpenAPI document; it is the same until the program is changed."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    schema: Mapping[str, Any] = generator.get_schema(request=None, public=True)
    return schema


class SchemaView(APIView):
    """The description for programs."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:  # noqa: ARG002 - Django's signature
        """OpenAPI 3.1 as JSON."""
        return Response(description())


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body: what it is called, where it stands, its type, what it means."""

    name: str
    place: str
    type: str
    meaning: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    meaning: str
    fields: list[Field]
    answers: list[tuple[str, str]]
    curl: str


@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """The page: every operation by resource, with an example that can be copied."""
    groups: dict[str, list[Operation]] = {}
    for operation in _operations(request.build_absolute_uri("/").rstrip("/")):
        groups.setdefault(_resource(operation.path), []).append(operation)
    return render(request, "api_docs.html", {"groups": sorted(groups.items()), "section": "api"})


def _operations(site: str) -> Iterator[Operation]:
    for path, item in description()["paths"].items():
        for method in _METHODS:
            if method in item:
                yield _operation(site, path, method, item[method])


def _operation(site: str, path: str, method: str, found: Mapping[str, Any]) -> Operation:
    parameters = [_parameter(each) for each in found.get("parameters", ())]
    body = _content(found.get("requestBody", {}))
    answers = [
        (code, _name(_content(answer)) or answer.get("description", "")) for code, answer in found["responses"].items()
    ]
    curl = f"curl -X {method.upper()} -H 'Authorization: Token …'"
    if body:
        curl += " -H 'Content-Type: application/json' -d @body.json"
    return Operation(
        anchor=found["operationId"],
        method=method.upper(),
        path=path,
        meaning=found.get("description", ""),
        fields=parameters + list(_fields(body)),
        answers=answers,
        curl=f"{curl} {site}{path}",
    )


def _parameter(found: Mapping[str, Any]) -> Field:
    return Field(
        found["name"],
        found["in"],
        _type(found.get("schema", {})),
        found.get("description", ""),
        found.get("required", False),
    )


def _fields(body: Mapping[str, Any], prefix: str = "") -> Iterator[Field]:
    """The fields of a body; those of its parts as `changes[].id`."""
    resolved = _resolve(body)
    needed = resolved.get("required", ())
    for name, each in resolved.get("properties", {}).items():
        yield Field(f"{prefix}{name}", "body", _type(each), each.get("description", ""), name in needed)
        part = each.get("items", {})
        if "$ref" in part and not prefix:
            yield from _fields(part, f"{name}[].")


def _content(found: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a body or an answer, the first of its media types."""
    for media in found.get("content", {}).values():
        schema: Mapping[str, Any] = media.get("schema", {})
        return schema
    return {}


def _resolve(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = description()["components"]["schemas"][_name(schema)]
        return found
    return schema


def _name(schema: Mapping[str, Any]) -> str:
    if schema.get("type") == "array":
        return f"{_name(schema['items'])} […]"
    return str(schema.get("$ref", schema.get("type", ""))).rpartition("/")[2]


def _type(schema: Mapping[str, Any]) -> str:
    """A type in a few words."""
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            return " | ".join(_type(each) for each in schema[key])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}, …]"
    kinds = schema.get("type", "any")
    shown = " | ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return _name(schema) if "$ref" in schema else str(schema.get("format", shown))


def _resource(path: str) -> str:
    """What the address is about: its last fixed word, without the project around it."""
    words = [word for word in path.removeprefix(_PREFIX).strip("/").split("/") if not word.startswith("{")]
    return words[1] if len(words) > 1 and words[0] == "projects" else words[0]
