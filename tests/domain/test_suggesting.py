"""When articles stay without suggestions, and when an engine is too weak."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.suggesting import LAST, is_too_weak, stays_without


@given(st.text(min_size=1), st.integers(2, 20))
def test_all_annotators_of_an_article_are_alike(external_id: str, annotators: int) -> None:
    assert stays_without(external_id, annotators=annotators) == stays_without(external_id, annotators=2)
    assert not stays_without(external_id, annotators=1)


def test_half_of_the_articles_stay_without() -> None:
    names = [f"article-{number}" for number in range(2000)]
    assert 900 < sum(stays_without(name, annotators=2) for name in names) < 1100


@given(st.lists(st.booleans(), max_size=2 * LAST))
def test_an_engine_is_too_weak_when_fewer_than_two_in_five_of_the_last_fifty_were_accepted(
    accepted: list[bool],
) -> None:
    assert is_too_weak(accepted) == (len(accepted) >= 50 and sum(accepted[:50]) < 20)
