"""Copies are found by the words they share, whoever cut or edited them; other texts are not."""

from __future__ import annotations

import random

import pytest

from annotations.domain.near_duplicates import THRESHOLD, similarity, sketch_of

WORDS = [f"word{number}" for number in range(3_000)]


def prose(seed: int, words: int = 400) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def likeness(one: str, other: str) -> float:
    ours, theirs = sketch_of(one), sketch_of(other)
    assert ours is not None
    assert theirs is not None
    return similarity(ours.signature, theirs.signature)


def test_the_same_words_are_the_same_sketch_however_they_are_set() -> None:
    text = " ".join(prose(1))
    other = sketch_of(text.upper().replace(" ", ",\n"))
    assert other == sketch_of(text)


@pytest.mark.parametrize("seed", range(20))
def test_a_copy_with_a_few_changes_is_near_and_shares_a_band(seed: int) -> None:
    words = prose(seed)
    copy = ["Brevik", "(AP)", "–", *words[:120], "meanwhile", *words[121:370]]
    ours, theirs = sketch_of(" ".join(words)), sketch_of(" ".join(copy))
    assert ours is not None
    assert theirs is not None
    assert similarity(ours.signature, theirs.signature) >= THRESHOLD
    assert set(ours.bands) & set(theirs.bands)


@pytest.mark.parametrize("seed", range(20))
def test_other_texts_are_not_near(seed: int) -> None:
    one, other = prose(seed), prose(seed + 100)
    assert likeness(" ".join(one), " ".join(one[:100] + other)) < THRESHOLD


def test_the_estimate_is_near_the_overlap() -> None:
    errors = []
    for seed in range(30):
        words = prose(seed, 300)
        half = words[:150] + prose(seed + 500, 150)
        one = {tuple(words[n : n + 3]) for n in range(298)}
        other = {tuple(half[n : n + 3]) for n in range(298)}
        errors.append(likeness(" ".join(words), " ".join(half)) - len(one & other) / len(one | other))
    assert abs(sum(errors) / len(errors)) < 0.05


def test_short_texts_have_no_sketch_and_salts_keep_projects_apart() -> None:
    assert sketch_of("Ana said so.") is None
    text = " ".join(prose(3))
    ours, theirs = sketch_of(text, salt=1), sketch_of(text, salt=2)
    assert ours is not None
    assert theirs is not None
    assert not set(ours.bands) & set(theirs.bands)


def test_long_texts_and_other_scripts_have_sketches() -> None:
    assert sketch_of("слово дело " * 20_000) is not None
    assert likeness(" ".join(prose(4, 60_000)), " ".join(prose(4, 60_000))) == 1.0
