"""Words and signs of a text, and where a fragment may begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.suggesters.words import is_whole, tokenise


def test_accents_stay_with_their_letters_and_signs_are_alone() -> None:
    assert tokenise("Cafe\u0301’s U.S.").texts == ("Cafe\u0301", "’", "s", "U", ".", "S", ".")


def test_scripts_without_spaces_have_a_token_for_each_character() -> None:
    assert tokenise("東京は").texts == ("東", "京", "は")


def test_a_word_of_any_other_script_is_one_token() -> None:
    assert tokenise("Порт हिन्दी שלום").texts == ("Порт", "हिन्दी", "שלום")


@pytest.mark.parametrize(
    ("text", "start", "end", "whole"),
    [
        ("Oslo fjord", 0, 4, True),
        ("Oslo fjord", 0, 3, False),
        ("Oslo fjord", 1, 4, False),
        ("cafe\u0301", 0, 4, False),  # the accent belongs to the word
        ("東京都", 0, 2, True),
        ("U.S.", 0, 1, True),
        ("Oslo", 0, 4, True),
    ],
)
def test_a_fragment_is_whole_when_it_cuts_no_word(text: str, start: int, end: int, whole: bool) -> None:
    assert is_whole(text, start, end) is whole


@given(st.text())
def test_tokens_are_the_text_without_white_space(text: str) -> None:
    tokens = tokenise(text)
    assert "".join("".join(tokens.texts).split()) == "".join(text.split())
    assert all(
        text[start:end] == word for word, start, end in zip(tokens.texts, tokens.starts, tokens.ends, strict=True)
    )


@given(st.text())
def test_every_token_is_whole(text: str) -> None:
    tokens = tokenise(text)
    assert all(is_whole(text, start, end) for start, end in zip(tokens.starts, tokens.ends, strict=True))
