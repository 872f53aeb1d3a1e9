"""What stands in #text is the article's text, code point for code point, with every stored fragment in it once."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.documents import Fragments
from annotations.domain.identifiers import uuid7
from annotations.domain.segments import segmented, text_blocks
from annotations.selectors.desk import LabelSign, Sign
from annotations.templatetags.desk import swapped_piece

HOSTILE = [
    "plain words here", "one 😀 emoji", "👨‍👩‍👧‍👦 a family and a flag 🇳🇴 joined", "e\u0301 combining a\u0308", "<b>&amp;</b> \"markup\" 'as text'",
    "שלום עולם", "tab\there", "soft\u00adhyphen\u00a0nbsp\u2028line", "</p><script>alert(1)</script>", "नमस्ते ภาษาไทย", "\u200fbidi\u200e",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(HOSTILE) | st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"]), max_size=30), max_size=6).map("\n\n".join)  # fmt: skip


def a_sign(number: int) -> Sign:
    """A span with the label of one of three kinds."""
    key = ("actor", "claim", "location")[number % 3]
    return Sign(
        uuid7(),
        LabelSign(
            key=key,
            name=f"<{key}>",
            letter=key[0],
            slot=number % 3,
            style=("solid", "dashed", "dotted")[number % 3],
            shortcut=key[0],
            bar=key == "claim",
            archived=False,
            attributes=(),
        ),
    )


class Reader(HTMLParser):
    """Reads drawn paragraphs: their text and, for each segment, its extent in the text and its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.paragraphs: list[tuple[int, str]] = []
        self.segments: list[tuple[int, int, dict[str, str]]] = []
        self.depth: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.depth.append(tag)
        if tag == "p":
            self.paragraphs.append((int(given["data-o"]), ""))
        elif given["class"].split()[0] == "s":
            start, text = self.paragraphs[-1]
            self.segments.append((start + len(text), -1, given))

    def handle_endtag(self, tag: str) -> None:
        assert self.depth.pop() == tag
        if tag == "span" and self.segments and self.segments[-1][1] == -1:
            start, text = self.paragraphs[-1]
            at, _open, given = self.segments[-1]
            self.segments[-1] = (at, start + len(text), given)

    def handle_data(self, data: str) -> None:
        start, text = self.paragraphs[-1]
        self.paragraphs[-1] = (start, text + data)


def drawn(text: str, spans: Sequence[Fragments], signs: Sequence[Sign]) -> Reader:
    """All whole paragraphs of the text, drawn and read again."""
    reader = Reader()
    for segments in segmented(text_blocks(text), spans):
        reader.feed(str(swapped_piece(segments, True, signs, text)))
    reader.close()
    return reader


@st.composite
def labelled(draw: st.DrawFn) -> tuple[str, list[Fragments]]:
    """A text and spans of one to three fragments in it."""
    text = draw(TEXTS)
    if not text:
        return text, []
    spans = []
    for _ in range(draw(st.integers(0, 8))):
        borders = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        pairs = tuple((borders[i], borders[i + 1]) for i in range(0, len(borders) - 1, 2))
        spans.append(pairs)
    return text, spans


@given(labelled())
def test_the_drawn_text_is_the_text(given: tuple[str, list[Fragments]]) -> None:
    text, spans = given
    reader = drawn(text, spans, [a_sign(number) for number in range(len(spans))])
    assert reader.depth == []
    assert [(start, text[start : start + len(part)]) for start, part in reader.paragraphs] == reader.paragraphs
    assert "".join(part for _start, part in reader.paragraphs) == text.replace("\n", "")


@given(labelled())
def test_every_fragment_is_drawn_exactly_once(given: tuple[str, list[Fragments]]) -> None:
    text, spans = given
    signs = [a_sign(number) for number in range(len(spans))]
    seen: dict[str, set[int]] = {str(sign.id): set() for sign in signs}
    for start, end, attributes in drawn(text, spans, signs).segments:
        for span in attributes["data-s"].split():
            extent = set(range(start, end))
            assert not seen[span] & extent
            seen[span] |= extent
    line_feeds = {at for at, character in enumerate(text) if character == "\n"}
    expected = [{at for start, end in fragments for at in range(start, end)} - line_feeds for fragments in spans]
    assert [seen[str(sign.id)] for sign in signs] == expected


def test_a_segment_names_its_spans_from_the_inside_out() -> None:
    claim, place = a_sign(1), a_sign(2)
    (segment,) = segmented(text_blocks("in Oslo now"), [((0, 11),), ((3, 7),)])
    html = swapped_piece(segment, True, [claim, place], "in Oslo now")
    bar = f'data-s="{claim.id}" data-l="c"'
    assert html == (
        '<p id="p0" data-o="0" dir="auto" hx-swap-oob="true">'
        f'<span class="s p1 l1-1 l1-dashed bar1" {bar} data-b="&lt;claim&gt;">in </span>'
        f'<span class="s p2 l0-2 l0-dotted l1-1 l1-dashed bar1" data-s="{place.id} {claim.id}" data-l="lc"'
        ' data-b="&lt;location&gt;">Oslo</span>'
        f'<span class="s p1 l1-1 l1-dashed bar1" {bar}> now</span></p>'
    )


def test_a_block_of_a_long_paragraph_is_swapped_alone() -> None:
    text = "😀 word " * 1_000
    pieces = list(segmented(text_blocks(text)[1:2], []))
    block = pieces[0].block
    assert swapped_piece(pieces[0], False, [], text) == (
        f'<span id="p0b1" class="block" hx-swap-oob="true">{text[block.start : block.end]}</span>'
    )
