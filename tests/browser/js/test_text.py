"""The scripts' reckoning of places, against Python's: both sides must name the same characters."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from annotations.domain.segments import segmented, text_blocks
from annotations.templatetags.desk import swapped_piece
from tests.templatetags.test_segments_render import HOSTILE, a_sign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def blank(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """An empty page of the live server, from which its scripts can be imported."""
    page = browser.new_page(base_url=live_server.url)
    page.route("**/blank", lambda route: route.fulfill(content_type="text/html", body="<!doctype html><body>"))
    page.goto("/blank")
    yield page
    page.close()


def show(page: Page, text: str, spans: list[Any]) -> None:
    """Put the drawn text into the page and have the script read it."""
    signs = [a_sign(number) for number in range(len(spans))]
    html = "".join(str(swapped_piece(segments, True, signs, text)) for segments in segmented(text_blocks(text), spans))
    page.goto("/blank")
    page.evaluate(
        """async ([html]) => {
          document.body.innerHTML = `<div id="text" lang="en">${html}</div>`;
          const offsets = await import('/static/js/desk/offsets.js');
          const words = await import('/static/js/desk/text.js');
          offsets.indexParagraphs();
          window.text = {...offsets, ...words};
        }""",
        [html],
    )


def test_every_place_goes_to_the_dom_and_back(blank: Page) -> None:
    text = "\n\n".join(HOSTILE)
    show(blank, text, [((3, 9),), ((5, 40),), ((60, 61), (70, 90))])
    wrong = blank.evaluate(
        """() => {
          const wrong = [];
          for (const p of text.paragraphs()) for (let at = text.startOf(p); at <= text.endOf(p); at++) {
            const unit = text.unitOf(p, at);
            if (text.atOf(p, unit) !== at) wrong.push([at, 'unit', unit]);
            const [node, offset] = text.pointOf(p, unit);
            if (text.atOfPoint(node, offset) !== at) wrong.push([at, 'point']);
          }
          return wrong;
        }"""
    )
    assert wrong == []


def test_quotes_are_the_slices_of_python(blank: Page) -> None:
    text = "\n\n\n".join(HOSTILE)
    show(blank, text, [((3, 9),), ((5, 40),)])
    chance = random.Random(7)
    fragments = [sorted(chance.sample(range(len(text) + 1), 2)) for _ in range(400)]
    cut = blank.evaluate("(fragments) => fragments.map(text.slice)", fragments)
    assert cut == [text[start:end] for start, end in fragments]


def test_selections_snap_to_words_and_never_split_what_is_one_sign(blank: Page) -> None:
    text = "  Ingrid Solheim’s  👨‍👩‍👧‍👦 family, e\u0301te\u0301.\n\nNext  "
    show(blank, text, [])
    snapped = blank.evaluate(
        "(asked) => asked.map(([fragment, exact]) => text.snap(fragment, exact))",
        [
            [[4, 10], False],
            [[0, 3], False],
            [[16, 22], False],
            [[23, 24], True],
            [[0, 2], False],
            [[30, len(text)], False],
        ],
    )
    named = [fragment and text[fragment[0] : fragment[1]] for fragment in snapped]
    assert named == [
        "Ingrid Solheim’s",
        "Ingrid",
        "Solheim’s  👨‍👩‍👧‍👦",
        "👨‍👩‍👧‍👦",
        None,
        "family, e\u0301te\u0301.\n\nNext",
    ]


def test_a_sentence_goes_on_after_a_title_an_initial_and_before_he_said(blank: Page) -> None:
    text = "Mr. Smith met J. K. Rowling of the U.S. Senate in D.C. The six left. “No!” he said."
    show(blank, text, [((0, 9),)])
    cut = blank.evaluate("() => text.sentencesOf(text.paragraphs()[0])")
    assert [text[start:end] for start, end in cut] == [
        "Mr. Smith met J. K. Rowling of the U.S. Senate in D.C. ",
        "The six left. ",
        "“No!” he said.",
    ]


def test_ids_are_of_version_7_and_in_the_order_of_making(blank: Page) -> None:
    ids = blank.evaluate(
        """async () => {
          const { uuid7 } = await import('/static/js/desk/uuid7.js');
          return Array.from({length: 5000}, uuid7);
        }"""
    )
    assert ids == sorted(set(ids))
    assert {each[14] for each in ids} == {"7"}
    assert {each[19] for each in ids} <= set("89ab")


def test_keys_have_one_name_whatever_the_layout(blank: Page) -> None:
    names = blank.evaluate(
        """async (asked) => {
          document.body.innerHTML = '<div id="text"></div><div id="spans"></div><div id="ink"></div>' +
            '<script type="application/json" id="desk">{"labels": [], "links": []}</script>';
          const { nameOf } = await import('/static/js/desk/keys.js');
          return asked.map((init) => nameOf(new KeyboardEvent('keydown', init)));
        }""",
        [
            {"key": "c", "code": "KeyC"},
            {"key": "с", "code": "KeyC"},
            {"key": "Z", "code": "KeyZ", "ctrlKey": True, "shiftKey": True},
            {"key": "z", "code": "KeyZ", "metaKey": True, "shiftKey": True},
            {"key": "?", "code": "Slash", "shiftKey": True},
            {"key": "ArrowLeft", "altKey": True, "shiftKey": True},
        ],
    )
    assert names == ["c", "c", "Mod+Shift+Z", "Mod+Shift+Z", "?", "Alt+Shift+ArrowLeft"]
    assert json.dumps(names).isascii()
