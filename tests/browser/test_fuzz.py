"""Any selection in any text means the same characters to the eye, to the scripts and to the server.

`NEWSAPP_FUZZ=5000` makes about that many selections instead of the few of an ordinary run.
"""

from __future__ import annotations

import json
import math
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from annotations.domain.segments import DEPTH
from annotations.models import AnnotationSet, Project, Span
from annotations.selectors.verification import differences
from annotations.services.changes import apply_changes
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_member, a_project, a_set, an_article, put_span

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SELECTIONS = int(os.environ.get("NEWSAPP_FUZZ", "120"))
BY_KEYBOARD = 45  # selections in one document,
BY_MOUSE = 5  # and drags
SLIP = 4  # pixels: a hand that clicks may move that far
ORACLE = (Path(__file__).parent / "js" / "oracle.js").read_text(encoding="utf-8")
ALPHABETS = [
    "the minister said nothing new today",
    "𝔾𝕠𝕠𝕕 🙂 😀 🧵 𐍈 𠜎",
    "e\u0301 Z\u0351\u036b\u0343 n\u0303 a\u0308",
    "👨‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈",
    "🇳🇴 🇩🇪 🇫🇷🇪🇸",
    "قال الوزير إنّ الميناء مفتوح",
    "אמר השר כי הנמל פתוח",
    "\u200e \u200f \u202b \u202c \u2067 \u2069",
    "a\u00a0b c\u00a0 d",
    "Donau\u00addampf\u00adschiff",
    "one\u2028two \u2029three",
    "รัฐมนตรีกล่าวว่าท่าเรือเปิด",
    "मंत्री ने कहा कि क्षेत्र बंद",
    "\tcell\t\tcell",
    "<b>bold</b> &amp; <!-- --> </p>",
    "“Never,” he said — “ever.”",
    "\u200d \ufe0f \u0301",
    "\ufeff 中文没有空格 일본어",
]


def a_hostile_text(chance: random.Random) -> str:
    """Up to twelve paragraphs of pieces that break offsets elsewhere."""
    paragraphs = []
    for _paragraph in range(chance.randint(2, 12)):
        pieces = []
        for _piece in range(chance.randint(1, 12)):
            alphabet = chance.choice(ALPHABETS)
            start = chance.randrange(len(alphabet))
            pieces.append(alphabet[start : start + chance.randint(1, 30)])
        paragraphs.append(chance.choice(["", " "]).join(pieces))
    return chance.choice(["", "\n", "x\n"]) + "\n\n".join(paragraphs).replace("\n\n", "\n" * chance.randint(1, 3), 2)


def add_spans(work: AnnotationSet, chance: random.Random) -> None:
    """Up to twenty spans at any code points, some of several parts."""
    length = len(work.article.text)
    made = set()
    for _span in range(chance.randint(0, 20)):
        borders = sorted(chance.sample(range(length + 1), min(length + 1, 2 * chance.randint(1, 3))))
        pairs = tuple(pair for pair in zip(borders[::2], borders[1::2], strict=False) if pair[0] < pair[1])
        if pairs:
            made.add((chance.choice(["actor", "claim", "location"]), pairs))
    changes = [put_span(label, *pairs) for label, pairs in sorted(made)]
    if changes:
        assert work.annotator is not None
        apply_changes(actor=work.annotator, annotation_set_id=work.pk, changes=changes)


def select_and_label(desk: Desk, text: str, seeds: list[float], exact: bool) -> list[list[Any]]:
    """Select between two places of the page again and again and press a letter: what that had to mean, each time."""
    found: list[list[Any]] = desk.page.evaluate(
        "([text, seeds, exact]) => window.oracle.selectAndLabel(text, seeds, exact)", [text, seeds, exact]
    )
    return found


def drag_anywhere(desk: Desk, chance: random.Random) -> list[Any] | None:
    """Drag the mouse over the text: what was selected when the button came up."""
    desk.page.evaluate("(share) => window.oracle.scrollTo(share)", chance.random())
    box = desk.page.locator("#text").bounding_box()
    assert box is not None
    low, high = max(box["y"], 80), min(box["y"] + box["height"], 560)
    if high - low < 20:
        return None
    places = [(box["x"] + chance.random() * box["width"], low + chance.random() * (high - low)) for _place in range(3)]
    mouse = desk.page.mouse
    mouse.move(*places[0])
    mouse.down()
    mouse.move(*places[1], steps=3)
    mouse.move(*places[2], steps=3)
    mouse.up()
    meant: list[Any] | None = desk.page.evaluate("window.oracle.released.at(-1)")
    desk.page.wait_for_timeout(30)
    is_click = math.dist(places[0], places[2]) < SLIP
    return ["actor", *meant] if meant and not is_click else None


@pytest.mark.parametrize("seed", range(max(1, SELECTIONS // (BY_KEYBOARD + BY_MOUSE))))
def test_any_selection_in_any_text_is_stored_as_what_was_selected(page_of: PageOf, seed: int) -> None:
    chance = random.Random(seed)
    project: Project = a_project()
    text = a_hostile_text(chance)
    language = chance.choice(["en", "ar", "he", "th", "hi", "de", "zh", ""])
    work = a_set(an_article(project, text, title="Hostile", language=language, open_slots=1), a_member(project, "ben"))
    add_spans(work, chance)
    before = {span.pk for span in work.spans.all()}
    page = page_of("ben")
    page.add_init_script(ORACLE)
    desk = Desk(page, work)
    shown = desk.text()
    assert shown == text.replace("\n", "")

    exact = bool(seed % 2)
    if exact:
        page.get_by_role("button", name="Exact").click()
    seeds = [chance.random() for _number in range(4 * BY_KEYBOARD)]
    meant = select_and_label(desk, text, seeds, exact)
    if exact:
        page.get_by_role("button", name="Exact").click()
    page.evaluate("(text) => window.oracle.listen(text)", text)
    meant += filter(None, (drag_anywhere(desk, chance) for _drag in range(BY_MOUSE)))
    expect(page.locator("#state[data-state=saved]")).to_be_attached()
    expect(page.locator("#refused")).to_be_hidden()

    wanted = {(label, start, end) for label, start, end, _quote in meant}
    wrong = [(each, text[each[1] : each[2]]) for each in meant if text[each[1] : each[2]] != each[3]]
    assert wrong == []
    old = {(span.label.key, *span.fragments[0]) for span in work.spans.all() if span.pk in before and span.parts == 1}
    made = Span.objects.filter(annotation_set=work).exclude(pk__in=before).select_related("label")
    assert {(span.label.key, *span.fragments[0]) for span in made} == wanted - old
    assert desk.text() == shown
    drawn = json.loads(page.evaluate("() => JSON.stringify(window.oracle.drawn())"))
    spans = {str(span.pk): span.fragments for span in work.spans.all()}
    covered = Counter(at for fragments in spans.values() for start, end in fragments for at in range(start, end))
    fully = {  # where more lie on one another, a piece names the shortest only
        key: "".join(text[start:end] for start, end in fragments).replace("\n", "")
        for key, fragments in spans.items()
        if all(covered[at] <= DEPTH for start, end in fragments for at in range(start, end))
    }
    assert {key: "".join(drawn[key]) for key in fully} == fully
    assert list(differences()) == []
