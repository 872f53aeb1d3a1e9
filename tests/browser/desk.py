"""The desk as a person uses it: the hand on the words, the eye on the list and on the state."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from annotations.models import AnnotationSet, Span

_BOX = """([words, nth]) => {
  const text = document.getElementById('text');
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let whole = '';
  const nodes = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    nodes.push([whole.length, node]);
    whole += node.data;
  }
  let at = -1;
  for (let i = 0; i <= nth; i++) at = whole.indexOf(words, at + 1);
  if (at < 0) throw new Error(`no “${words}” in the text`);
  const point = (offset, isEnd) => {
    const [start, node] = nodes.findLast(([start]) => (isEnd ? start < offset : start <= offset));
    return [node, offset - start];
  };
  const range = document.createRange();
  range.setStart(...point(at, false));
  range.setEnd(...point(at + words.length, true));
  range.startContainer.parentElement.closest('p').scrollIntoView({block: 'center'});
  const boxes = [...range.getClientRects()].filter(({width}) => width > 0);
  const [first, last] = [boxes[0], boxes.at(-1)];
  return [first.left, (first.top + first.bottom) / 2, last.right, (last.top + last.bottom) / 2];
}"""


class Desk:
    """The open desk of one annotation set."""

    def __init__(self, page: Page, work: AnnotationSet, *, opened: bool = False) -> None:
        self.page, self.work = page, work
        self.press: Callable[[str], None] = page.keyboard.press
        self.type: Callable[[str], None] = page.keyboard.type
        if opened:
            self.wait_until_ready()
        else:
            self.open()

    def open(self) -> None:
        """Open it (again) and wait until it listens."""
        self.page.goto(f"/desk/{self.work.pk}/")
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Until its scripts have begun."""
        self.page.locator("html[data-desk=ready]").wait_for()

    def box(self, words: str, nth: int = 0) -> tuple[float, float, float, float]:
        """Where the words stand: left and middle of their first line, right and middle of their last."""
        left, top, right, bottom = self.page.evaluate(_BOX, [words, nth])
        return left, top, right, bottom

    def drag(self, words: str, nth: int = 0) -> None:
        """Drag the mouse over the words, from within the first to within the last."""
        left, top, right, bottom = self.box(words, nth)
        mouse = self.page.mouse
        mouse.move(left + 2, top)
        mouse.down()
        mouse.move((left + right) / 2, (top + bottom) / 2, steps=3)
        mouse.move(right - 2, bottom, steps=3)
        mouse.up()

    def double_click(self, word: str, nth: int = 0) -> None:
        """Double-click into the middle of a word."""
        left, top, right, _bottom = self.box(word, nth)
        self.page.mouse.dblclick((left + right) / 2, top)

    def click(self, word: str, nth: int = 0) -> None:
        """Click on the beginning of a word."""
        left, top, _right, _bottom = self.box(word, nth)
        self.page.mouse.click(left + 3, top)

    def choose_label(self, name: str) -> None:
        """Press a label's button below the text."""
        self.page.get_by_role("toolbar", name="Labels").get_by_role("button", name=name).click()

    def expect_items(self, *items: str) -> None:
        """The list shows these, as a screen reader says them ("Actor: Ingrid Solheim"), in this order."""
        links = self.page.locator("#spans > li:not([hidden]) > a")
        expect(links.locator("q")).to_have_text([item.partition(": ")[2] for item in items])
        for position, item in enumerate(items):
            expect(links.nth(position)).to_have_accessible_name(item)

    def expect_saved(self, number: int) -> None:
        """The page says that so many spans are saved."""
        expect(self.page.locator("#state")).to_have_text(
            f"saved · {number:,} span{'' if number == 1 else 's'}", use_inner_text=True
        )

    def expect_state(self, words: str) -> None:
        """The page says this about saving."""
        expect(self.page.locator("#state")).to_have_text(words, use_inner_text=True)

    def item(self, words: str) -> str:
        """What stands below the words of an item of the list."""
        return self.page.locator("#spans > li", has_text=words).locator("small").inner_text()

    def said(self) -> str:
        """What a screen reader heard last."""
        return self.page.locator("#live").inner_text()

    def text(self) -> str:
        """All that stands in the article's text."""
        return str(self.page.evaluate("document.getElementById('text').textContent"))

    def painted(self, name: str) -> list[str]:
        """The words a highlight of that name is painted over."""
        return list(
            self.page.evaluate(
                """(name) => [...(CSS.highlights.get(name) ?? [])].map((part) => {
                  const range = document.createRange();
                  range.setStart(part.startContainer, part.startOffset);
                  range.setEnd(part.endContainer, part.endOffset);
                  return range.toString();
                })""",
                name,
            )
        )


def stored(work: AnnotationSet) -> list[tuple[str, list[str]]]:
    """The spans in the database: the label and the text at each fragment."""
    text = work.article.text
    spans = Span.objects.filter(annotation_set=work).select_related("label").order_by("start", "end", "pk")
    return [(span.label.key, [text[start:end] for start, end in span.fragments]) for span in spans]


def let_go(page: Page, waiting: list[Route]) -> None:
    """Send the request that is kept back, once it has come."""
    for _wait in range(500):
        if waiting:
            break
        page.wait_for_timeout(20)
    waiting[0].continue_()
