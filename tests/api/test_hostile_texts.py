"""Texts that break offsets elsewhere: what a program labels after them comes out at its exact code points."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotations.domain.offsets import normalise_text
from annotations.models import Project
from tests.api.test_projects import Program
from tests.factories import a_project, the_cast
from tests.hostile import HOSTILE, WORDS, hostile_text

pytestmark = pytest.mark.django_db(transaction=True)

SPAN = "019a0000-0000-7000-8000-00000000000{}"


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def places(text: str) -> list[list[int]]:
    """Where the words are, in code points."""
    return [[text.index(word), text.index(word) + len(word)] for word in WORDS]


def counted(raw: str, word: str, unit: str) -> list[int]:
    """Where the word is in the file's own text, as a program that counts so would say."""
    codec, size = {"code-point": ("utf-32-le", 4), "utf-16": ("utf-16-le", 2), "byte": ("utf-8", 1)}[unit]
    start = len(raw[: raw.index(word)].encode(codec)) // size
    return [start, start + len(word.encode(codec)) // size]


def bring_in(raw: str, **more: Any) -> None:
    """Ada imports one document."""
    body = json.dumps({"id": "d1", "text": raw, **more}, ensure_ascii=False)
    answer = Program("ada").client.generic(
        "POST", "/api/v1/projects/press/imports/?format=jsonl", body, content_type="application/x-ndjson"
    )
    report = answer.json()
    assert (report["created"], report["problems"]) == (1, [])


def exported() -> tuple[str, list[tuple[str, list[list[int]], str]]]:
    """The text and the spans of the one document, as Ada gets them."""
    content = b"".join(Program("ada").client.get("/api/v1/projects/press/export/?sets=all&state=all"))
    (document,) = [json.loads(line) for line in content.splitlines()]
    (work,) = document["annotation_sets"]
    return document["text"], [(span["label"], span["fragments"], span["quote"]) for span in work.get("spans", [])]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_word_labelled_after_it_is_exported_at_its_code_points(project: Project, name: str) -> None:
    raw = hostile_text(name)
    bring_in(raw)
    ben = Program("ben")
    claim = ben.ask("POST", "projects/press/queue/next/").json()
    text = claim["article"]["text"]
    assert text == normalise_text(raw)
    for number, (word, place) in enumerate(zip(WORDS, places(text), strict=True)):
        body = {"annotation_set": claim["id"], "label": "actor", "fragments": [place], "quote": word}
        assert ben.ask("PUT", f"spans/{SPAN.format(number)}/", body).status_code == 201
    assert exported() == (
        text,
        [("actor", [place], word) for word, place in zip(WORDS, places(text), strict=True)],
    )


@pytest.mark.parametrize("name", [each for each in HOSTILE if each != "plain"])
def test_a_place_counted_in_another_unit_is_refused_with_its_quote(project: Project, name: str) -> None:
    raw = hostile_text(name)
    bring_in(raw)
    ben = Program("ben")
    claim = ben.ask("POST", "projects/press/queue/next/").json()
    word = WORDS[0]
    body = {
        "annotation_set": claim["id"], "label": "actor", "fragments": [counted(raw, word, "byte")], "quote": word,
    }  # fmt: skip
    assert ben.ask("PUT", f"spans/{SPAN.format(0)}/", body).status_code == 400
    assert exported()[1] == []


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("unit", ["code-point", "utf-16", "byte"])
def test_places_another_program_counted_come_in_as_code_points(project: Project, name: str, unit: str) -> None:
    raw = hostile_text(name)
    spans = [
        {"id": SPAN.format(number), "label": "actor", "quote": word, "fragments": [counted(raw, word, unit)]}
        for number, word in enumerate(WORDS)
    ]
    bring_in(raw, annotation_sets=[{"kind": "gold", "spans": spans}])
    text = normalise_text(raw)
    assert exported() == (
        text,
        [("actor", [place], word) for word, place in zip(WORDS, places(text), strict=True)],
    )
