"""Tokens: pieces make up the text to the letter, and begin and end where they must."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.formats.tokens import covering, pieces_of, words_in
from tests.formats.documents import fragments_in, texts


@given(st.data())
def test_pieces_make_up_the_text_and_have_each_fragment_s_ends(data: st.DataObject) -> None:
    text = data.draw(texts)
    fragments = data.draw(fragments_in(len(text)))
    pieces = pieces_of(text, fragments)
    assert "".join(text[piece.start : piece.end] + " " * piece.space for piece in pieces) == text
    starts, ends = {piece.start for piece in pieces}, {piece.end for piece in pieces}
    assert all(start in starts and end in ends for start, end in fragments)


@given(texts)
def test_words_have_no_white_space_and_nothing_else_is_left_out(text: str) -> None:
    words = words_in(text)
    assert all(not any(map(str.isspace, text[start:end])) for start, end in words)
    covered = {at for start, end in words for at in range(start, end)}
    assert all(text[at].isspace() for at in range(len(text)) if at not in covered)


def test_marks_and_joined_signs_stay_in_one_word() -> None:
    text = "cafe\u0301, 👩\u200d👧!"
    assert [text[start:end] for start, end in words_in(text)] == ["cafe\u0301", ",", "👩\u200d👧", "!"]


def test_tokens_that_cover_a_stretch_are_found() -> None:
    tokens = [(0, 3), (4, 8), (8, 9)]
    assert [covering(tokens, *at) for at in ((0, 9), (1, 2), (3, 4), (5, 9), (9, 12))] == [
        (0, 2), (0, 0), None, (1, 2), None,
    ]  # fmt: skip
