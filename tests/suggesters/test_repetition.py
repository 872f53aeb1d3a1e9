"""Names labelled in an article are offered wherever they stand again in it."""

from __future__ import annotations

from annotations.suggesters import ENGINES, suggest
from annotations.suggesters.proposals import Context, LabelledSpan


def offered(text: str, *labelled: tuple[str, str], entity: str = "") -> list[tuple[int, str, str]]:
    """Where (code points), what and as what, given the first mentions that are labelled."""
    spans = [
        LabelledSpan(label=label, fragments=((text.index(name), text.index(name) + len(name)),), entity=entity)
        for name, label in labelled
    ]
    proposals = suggest(Context(text=text, spans=spans), [ENGINES["repetition"]])
    return [(each.fragments[0][0], text[slice(*each.fragments[0])], each.label) for each in proposals]


def test_whole_words_only() -> None:
    assert offered("Ben met Benno. Ben left.", ("Ben", "actor")) == [(15, "Ben", "actor")]


def test_what_is_in_a_span_of_the_label_already_is_not_offered() -> None:
    assert offered("Ben left. Ben Berg stayed.", ("Ben", "actor"), ("Ben Berg", "actor")) == []


def test_a_small_letter_may_become_a_capital_at_the_beginning_of_a_sentence() -> None:
    text = "We asked the union. The union declined."
    assert offered(text, ("the union", "actor")) == [(20, "The union", "actor")]


def test_a_name_is_not_found_in_small_letters() -> None:
    assert offered("Rose waters a rose.", ("Rose", "actor")) == []


def test_a_last_name_is_offered_with_a_lower_score_and_the_full_name_as_entity() -> None:
    text = "Ingrid Solheim spoke. Solheim left. Anna Solheim stayed."
    spans = [LabelledSpan(label="actor", fragments=((0, 14),))]
    (proposal,) = suggest(Context(text=text, spans=spans), [ENGINES["repetition"]])
    assert (proposal.fragments, proposal.entity) == (((22, 29),), "Ingrid Solheim")
    whole = suggest(Context(text="Solheim! Solheim!", spans=[LabelledSpan(label="actor", fragments=((0, 7),))]))
    assert proposal.score < whole[0].score


def test_last_names_are_for_actors_only() -> None:
    assert offered("New York and York", ("New York", "location")) == []


def test_a_single_common_word_and_signs_are_not_repeated() -> None:
    assert offered("people … people … !", ("people", "actor"), ("…", "actor")) == []


def test_the_entity_goes_with_the_name() -> None:
    text = "Oslo, Oslo"
    spans = [LabelledSpan(label="location", fragments=((0, 4),), entity="Oslo, Norway")]
    assert [each.entity for each in suggest(Context(text=text, spans=spans), [ENGINES["repetition"]])] == [
        "Oslo, Norway"
    ]


def test_names_in_scripts_without_capitals_and_spaces_are_repeated() -> None:
    assert offered("東京と京都と東京", ("東京", "location")) == [(6, "東京", "location")]


def test_claims_are_not_repeated() -> None:
    assert offered("It rains. It rains.", ("It rains", "claim")) == []
