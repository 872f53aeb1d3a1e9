"""Hostile texts from the file in to the file out: labelled by mouse and by keyboard, exported at exact code points."""

from __future__ import annotations

import io

import orjson
import pytest

from annotations.domain.offsets import normalise_text
from annotations.models import Article
from annotations.services.imports import import_documents
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_project, a_set, the_cast
from tests.hostile import HOSTILE, WORDS, hostile_text

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def walk_to(desk: Desk, word: str) -> None:
    """Press the right arrow until the cursor is on the word."""
    for _press in range(40):
        if desk.painted("cursor") == [word]:
            return
        desk.press("ArrowRight")
    raise AssertionError(f"The arrow does not lead to {word}.")


@pytest.mark.parametrize("name", HOSTILE)
def test_words_after_it_are_exported_at_their_code_points(page_of: PageOf, name: str) -> None:
    project = a_project()
    cast = the_cast(project)
    line = orjson.dumps({"id": "d1", "text": hostile_text(name)})
    import_documents(actor=cast["ada"], project=project, stream=io.BytesIO(line), format="jsonl")
    desk = Desk(page_of("ben"), a_set(Article.objects.get(), cast["ben"]))
    walk_to(desk, "Brevik")
    desk.press("l")
    walk_to(desk, "Solheim")
    for key in ("Shift+ArrowRight", "Shift+ArrowRight", "c"):
        desk.press(key)
    desk.choose_label("Actor")
    desk.double_click("Solheim")
    desk.drag(WORDS[-1])
    desk.expect_saved(4)

    answer = page_of("ada").request.get("/api/v1/projects/press/export/?sets=all&state=all")
    (document,) = [orjson.loads(line) for line in answer.body().splitlines()]
    text = normalise_text(hostile_text(name))
    assert document["text"] == text
    (work,) = document["annotation_sets"]
    expected = [
        ("location", "Brevik"), ("actor", "Solheim"), ("claim", "Solheim. The end"), ("actor", WORDS[-1]),
    ]  # fmt: skip
    assert sorted((span["label"], span["quote"], span["fragments"]) for span in work["spans"]) == sorted(
        (label, quote, [[text.index(quote), text.index(quote) + len(quote)]]) for label, quote in expected
    )
