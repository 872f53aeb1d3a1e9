"""What a screen reader is told, and an article labelled with nothing but that and the keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from annotations.models import AnnotationSet, Relation, SetState
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Crane crews went home. “We lost nine days,” said Ingrid Solheim in Oslo.\n\nThe union rejected this."
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, TEXT, title="Port reopens", language="en"), a_member(project, "ben"))


class Ears:
    """The accessibility tree of the page, as the browser gives it to a screen reader."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._page = page

    def tree(self) -> list[dict[str, Any]]:
        """All nodes that are not left out."""
        nodes: list[dict[str, Any]] = self._session.send("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node["ignored"]]

    def heard(self) -> str:
        """What the page said last by itself."""
        nodes = {node["nodeId"]: node for node in self.tree()}
        said = []
        for node in nodes.values():
            live = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}.get("live")
            if live == "polite" and node["role"]["value"] != "status":
                said += [nodes[child]["name"]["value"] for child in node["childIds"] if child in nodes]
        return " ".join(said)

    def words_of(self, role: str, name: str) -> list[str]:
        """All text below the node with this role and name, in order."""
        nodes = {node["nodeId"]: node for node in self._session.send("Accessibility.getFullAXTree")["nodes"]}
        (top,) = [
            node
            for node in nodes.values()
            if not node["ignored"]
            and node["role"]["value"] == role
            and node.get("name", {}).get("value") == name
        ]  # fmt: skip
        found: list[str] = []

        def walk(node: dict[str, Any]) -> None:
            # "image": what stands in one is not read, its name is
            if node.get("role", {}).get("value") in {"StaticText", "image"}:
                found.append(node["name"]["value"])
                return
            for child in node.get("childIds", []):
                walk(nodes[child])

        walk(top)
        return found


def press_until(desk: Desk, ears: Ears, key: str, words: str) -> None:
    """Press a key until the page says these words."""
    for _press in range(30):
        desk.press(key)
        if ears.heard().startswith(words):
            return
    raise AssertionError(f"“{words}” was never said, but “{ears.heard()}”.")


def test_a_whole_article_is_labelled_by_ear_and_keyboard(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    ears = Ears(desk.page)
    expect(desk.page.get_by_role("group", name="Article text")).to_be_focused()
    desk.press("F2")
    expect(desk.page.get_by_role("application", name="Article text")).to_be_focused()
    assert ears.heard().startswith("Keyboard mode on")

    press_until(desk, ears, "Shift+ArrowRight", "Crane crews")
    desk.press("a")
    assert ears.heard().startswith("Actor: Crane crews")
    press_until(desk, ears, "ArrowRight", "Ingrid")
    press_until(desk, ears, "Shift+ArrowRight", "Ingrid Solheim")
    desk.press("a")
    press_until(desk, ears, "ArrowRight", "Oslo")
    desk.press("l")
    assert ears.heard().startswith("Location: Oslo")
    press_until(desk, ears, "ArrowLeft", "We")
    press_until(desk, ears, "Shift+ArrowRight", "We lost nine days")
    desk.press("c")
    desk.press("m")
    choices = ears.heard()
    assert choices.startswith("made by: 1 Ingrid Solheim")
    desk.press("1")
    desk.press("k")
    desk.press("1")
    desk.expect_saved(4)

    spans = " ".join(ears.words_of("list", "Spans in reading order"))
    for part in (
        "Actor:",
        "Crane crews",
        "Claim:",
        "We lost nine days",
        "made by",
        "Ingrid Solheim",
        "located in",
        "Oslo",
    ):
        assert part in spans
    assert sorted(stored(work)) == sorted(
        [
            ("actor", ["Crane crews"]),
            ("actor", ["Ingrid Solheim"]),
            ("claim", ["We lost nine days"]),
            ("location", ["Oslo"]),
        ]
    )
    assert set(Relation.objects.values_list("label__key", flat=True)) == {"made_by", "located_in"}
    desk.press("Escape")
    desk.press("Control+Enter")
    desk.page.wait_for_url("**/projects/press/")
    work.refresh_from_db()
    assert work.state == SetState.SUBMITTED


def test_the_text_is_plain_to_a_screen_reader_until_marks_are_asked_for(page_of: PageOf, work: AnnotationSet) -> None:
    a_span(work, "actor", (0, 11))
    a_span(work, "claim", (24, 41))
    desk = Desk(page_of("ben"), work)
    ears = Ears(desk.page)
    said = ears.words_of("group", "Article text")
    assert "".join(said) == TEXT.replace("\n", "")
    desk.page.locator("summary", has_text="More").focus()
    desk.press("Enter")
    switch = desk.page.get_by_role("button", name="Read out where spans begin")
    switch.focus()
    desk.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    marked = ears.words_of("group", "Article text")
    assert [word.strip() for word in marked if word.strip() in {"Actor", "Claim"}] == ["Actor", "Claim"]
    assert marked.index("Crane crews") > next(at for at, word in enumerate(marked) if word.strip() == "Actor")
    assert desk.text() == TEXT.replace("\n", "")
    desk.open()
    assert "Actor" in {word.strip() for word in ears.words_of("group", "Article text")}


def barriers(page: Page) -> list[tuple[str, str]]:
    """What axe finds, with the first element of each kind."""
    return [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_with_spans_and_without(page_of: PageOf, work: AnnotationSet, look: str) -> None:
    desk = Desk(page_of("ben", **LOOKS[look]), work)
    assert barriers(desk.page) == []
    for key in ("a", "ArrowRight", "ArrowRight", "s", "c"):
        desk.press(key)
    desk.expect_saved(2)
    assert barriers(desk.page) == []
