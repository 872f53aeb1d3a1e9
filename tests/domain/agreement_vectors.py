"""The reference cases of agreement measures, which live beside the repository."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from annotations.domain.documents import AnnotationSet, Relation, Span

ROOT = Path(__file__).resolve().parents[2]
PATH = Path(os.environ.get("NEWSAPP_SHARED", ROOT.parent / "shared")) / "data" / "agreement-vectors.json"


@cache
def _all() -> list[dict[str, Any]]:
    if not PATH.exists():
        pytest.fail(f"{PATH} is missing: set NEWSAPP_SHARED to the folder that holds data/agreement-vectors.json.")
    vectors: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))["vectors"]
    return vectors


def vectors_of(measure: str) -> list[dict[str, Any]]:
    """The cases of one measure, at least one; the test fails when the file is not there."""
    found = [vector for vector in _all() if vector["measure"] == measure]
    assert found, f"{PATH} has no case of {measure}."
    return found


def spans_of(given: Sequence[Any], prefix: str = "") -> list[Span]:
    """Spans from `[label, [start, end], …]`; ids are the prefix and the index, in two digits."""
    return [
        Span(id=f"{prefix}{number:02}", label=label, fragments=tuple((start, end) for start, end in fragments))
        for number, (label, *fragments) in enumerate(given)
    ]


def set_of(given: dict[str, Any], annotator: str = "") -> AnnotationSet:
    """An annotation set from `{spans, relations: [[label, source index, target index]]}`."""
    spans = spans_of(given["spans"], annotator)
    relations = [
        Relation(id=f"{annotator}r{number}", label=label, source=spans[source].id, target=spans[target].id)
        for number, (label, source, target) in enumerate(given["relations"])
    ]
    return AnnotationSet(kind="annotator", annotator=annotator, spans=spans, relations=relations)
