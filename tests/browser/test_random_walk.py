"""Hours of any gestures, with reloads and without the network in between, end where the changes add up to.

`NEWSAPP_FUZZ=1000` makes that many gestures instead of the few of an ordinary run.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Error, expect

from annotations.models import AnnotationSet, Relation
from annotations.selectors.verification import differences
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_member, a_project, a_set, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GESTURES = int(os.environ.get("NEWSAPP_FUZZ", "80"))
TEXT = (
    "“We lost nine days,” said Ingrid Solheim of the Brevik Dockers’ Union in Oslo. “And no one won.”\n\n"
    "Ingrid Solheim, 🙂 who leads the union, went home to Brevik. The ministry in Oslo did not answer.\n\n"
    "قال الوزير إنّ الميناء مفتوح. The port 👨‍👩‍👧‍👦 reopened."
)
KEYS = [
    *["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Shift+ArrowRight", ".", "]", "s"] * 2,
    *["a", "c", "l"] * 4,
    *["n", "p", "o", "f", "Shift+F", "Delete", "r", "Escape", "Alt+ArrowRight", "Alt+Shift+ArrowRight"],
    *["m 1", "m 2", "k 1", "t 1", "t 2"],
    *["Control+z"] * 4,
    *["Control+Shift+Z"] * 2,
]  # fmt: skip
SHOWN = """() => [...document.querySelectorAll('#spans > li:not([hidden])')].map((item) => [
  item.id.slice(2), item.dataset.label, item.dataset.at, item.dataset.waiting ?? 'stored',
  (item.dataset.links ?? '').split(' ').filter(Boolean).map((link) => link.split(':').slice(1, 3).join(':')).sort().join(' '),
])"""


def gestures(desk: Desk, chance: random.Random) -> Iterator[Callable[[], None]]:
    """What a hand may do next, without end."""
    words = [word for word in TEXT.split() if word.isascii() and word.isalpha()]
    context = desk.page.context

    def press() -> None:
        for key in chance.choice(KEYS).split():
            desk.press(key)

    def drag() -> None:
        desk.choose_label(chance.choice(["Actor", "Claim", "Location"]))
        desk.drag(chance.choice(["nine days,” said", "Ingrid Solheim", "won.”", "ministry in", "port 👨‍👩‍👧‍👦 re"]))

    def double_click() -> None:
        desk.double_click(chance.choice(words))

    def click() -> None:
        desk.click(chance.choice(words))
        desk.page.locator("#text").focus()

    def press_a_button() -> None:
        button = desk.page.get_by_role("toolbar", name="Labels").get_by_role(
            "button", name=chance.choice(["Undo", "Redo"])
        )
        button.click()
        desk.page.locator("#text").focus()

    def reload() -> None:
        context.set_offline(False)
        desk.open()

    while True:
        (choice,) = chance.choices(
            [press, drag, double_click, click, press_a_button, reload,
             lambda: context.set_offline(True), lambda: context.set_offline(False)],
            [60, 8, 8, 6, 4, 2, 3, 5],
        )  # fmt: skip
        yield choice


def stored(work: AnnotationSet) -> list[list[str]]:
    """The spans of the database as the list of the page has them."""
    links: dict[str, list[str]] = {}
    for relation in Relation.objects.filter(annotation_set=work).select_related("label"):
        links.setdefault(str(relation.source_id), []).append(f"{relation.label.key}:{relation.target_id}")
    return [
        [
            str(span.pk),
            span.label.key,
            ",".join(f"{start}-{end}" for start, end in span.fragments),
            "stored",
            " ".join(sorted(links.get(str(span.pk), []))),
        ]
        for span in work.spans.select_related("label").order_by("start", "end", "pk")
    ]


@pytest.mark.parametrize("seed", [1])
def test_any_gestures_end_in_what_the_changes_add_up_to(page_of: PageOf, seed: int, expected_noise: list[str]) -> None:
    expected_noise.append(r"ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    chance = random.Random(seed)
    article = an_article(a_project(), TEXT, title="Any gestures", language="en", open_slots=1)
    work = a_set(article, a_member(article.project, "ben"))
    desk = Desk(page_of("ben"), work)
    desk.page.context.set_default_timeout(10_000)
    for _number, gesture in zip(range(GESTURES), gestures(desk, chance), strict=False):
        try:
            gesture()
        except Error:  # a message may lie over the word: then nothing is done
            desk.press("Escape")
    desk.page.context.set_offline(False)
    expect(desk.page.locator("#state[data-state=saved]")).to_be_attached()
    assert desk.page.locator("#refused li").all_inner_texts() == []

    shown = desk.page.evaluate(SHOWN)
    assert sorted(shown) == sorted(stored(work))
    assert desk.text() == TEXT.replace("\n", "")
    drawn = desk.page.locator("#text").inner_html()
    desk.open()
    assert desk.page.evaluate(SHOWN) == stored(work)
    assert desk.page.locator("#text").inner_html() == drawn
    assert list(differences()) == []
