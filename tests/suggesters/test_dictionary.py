"""Phrases are learnt from submitted work, counted for each article, and found again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.suggesters.dictionary import count, find, known_phrases, learn, total
from annotations.suggesters.phrases import Dictionary, Entry
from annotations.suggesters.proposals import LabelledSpan


def actor(*fragments: tuple[int, int]) -> LabelledSpan:
    return LabelledSpan(label="actor", fragments=fragments)


def entry(phrase: str, labelled: int, occurrences: int, label: str = "actor") -> Entry:
    return Entry(phrase=phrase, label=label, labelled=labelled, occurrences=occurrences)


def found(text: str, *entries: Entry) -> list[tuple[str, str]]:
    return [(text[start:end], each.label) for start, end, each in find(text, Dictionary(entries))]


def test_each_article_counts_what_is_labelled_in_it_and_where_else_it_stands() -> None:
    works = [("Ada met Ada.", [actor((0, 3))]), ("Ada and Adam.", []), ("Nobody.", [])]
    assert learn(works) == [[entry("Ada", 1, 2)], [entry("Ada", 0, 1)], []]


def test_a_phrase_within_a_longer_known_one_does_not_count() -> None:
    works = [("The Oslo Post in Oslo.", [actor((0, 13)), LabelledSpan(label="location", fragments=((17, 21),))])]
    assert learn(works) == [[entry("Oslo", 1, 1, "location"), entry("The Oslo Post", 1, 1)]]


def test_white_space_within_a_phrase_is_one_space() -> None:
    assert learn([("Ada\n  Berg and Ada Berg", [actor((0, 10))])]) == [[entry("Ada Berg", 1, 2)]]


def test_pieces_parts_of_words_and_long_phrases_are_not_learnt() -> None:
    text = "Ada and Ben walked " * 20
    assert learn([(text, [actor((0, 3), (8, 11)), actor((0, 2)), actor((0, 300))])]) == [[]]


def test_a_new_article_is_counted_with_what_is_known() -> None:
    known = known_phrases([("Ada.", [actor((0, 3))])])
    assert count("Ada met Ben.", [actor((8, 11))], known) == [entry("Ada", 0, 1), entry("Ben", 1, 1)]


def test_one_articles_part_can_be_taken_out_of_the_sum() -> None:
    first, second = learn([("Ada met Ben.", [actor((0, 3)), actor((8, 11))]), ("Ada.", [actor((0, 3))])])
    assert total([first, second]) == [entry("Ada", 2, 2), entry("Ben", 1, 1)]
    assert total([first, second], without=[first]) == [entry("Ada", 1, 1)]


def test_a_phrase_is_found_when_at_least_half_of_its_occurrences_were_labelled() -> None:
    assert found("Ada met Ben and Chi.", entry("Ada", 1, 2), entry("Ben", 1, 3), entry("Chi", 0, 0)) == [
        ("Ada", "actor")
    ]


def test_the_longest_phrase_is_found_and_whole_words_only() -> None:
    entries = [entry("Ada", 1, 1), entry("Ada Berg", 1, 1), entry("Ada Berg of Oslo", 1, 1)]
    assert found("Ada Berg met Adam. Ada", *entries) == [("Ada Berg", "actor"), ("Ada", "actor")]


def test_the_longest_phrase_counts_also_where_the_text_ends_too_early_for_another() -> None:
    assert found("to Oslo", entry("Oslo fjord ferry", 1, 1), entry("Oslo", 1, 1)) == [("Oslo", "actor")]


def test_a_phrase_may_have_two_labels() -> None:
    text = "Oslo"
    assert found(text, entry("Oslo", 1, 2), entry("Oslo", 1, 2, "location")) == [
        ("Oslo", "actor"),
        ("Oslo", "location"),
    ]


WORDS = st.lists(st.sampled_from(["Ada", "Berg", "Oslo", "of"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(WORDS, st.data()), max_size=4))
def test_the_sum_without_an_article_is_the_sum_over_the_others(parts: list[tuple[list[str], st.DataObject]]) -> None:
    works = []
    for words, data in parts:
        length = data.draw(st.integers(1, len(words)))
        works.append((" ".join(words), [actor((0, len(" ".join(words[:length]))))]))
    learnt = learn(works)
    for number, _ in enumerate(learnt):
        others = [entries for other, entries in enumerate(learnt) if other != number]
        assert total(learnt, without=[learnt[number]]) == total(others)
    assert all(each.labelled <= each.occurrences for entries in learnt for each in entries)
