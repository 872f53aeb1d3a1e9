"""The optional engine of a spaCy pipeline, here with a stand-in: spaCy is not installed with the project."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from annotations.suggesters import suggest
from annotations.suggesters.proposals import Context
from annotations.suggesters.spacy_engine import NoPipeline, engine_of, spacy_engine


@dataclass
class Entity:
    start_char: int
    end_char: int
    label_: str


@dataclass
class Doc:
    ents: list[Entity]


@dataclass
class Pipeline:
    """What the engine uses of spaCy's `Language`."""

    ents: list[Entity]
    max_length: int = 1_000_000

    @property
    def meta(self) -> dict[str, str]:
        return {"version": "3.8.0"}

    def __call__(self, text: str) -> Doc:
        return Doc([entity for entity in self.ents if entity.end_char <= len(text)])


def test_entities_become_proposals_of_the_label_they_are_mapped_to() -> None:
    pipeline = Pipeline([Entity(0, 3, "PERSON"), Entity(7, 11, "GPE"), Entity(12, 16, "DATE")])
    engine = engine_of(pipeline, name="spacy:en_test")
    found = suggest(Context(text="Ada in Oslo 2017"), [engine])
    assert [(each.engine, each.version, each.label, each.fragments) for each in found] == [
        ("spacy:en_test", "3.8.0", "actor", ((0, 3),)),
        ("spacy:en_test", "3.8.0", "location", ((7, 11),)),
    ]


def test_a_mapping_of_ones_own_and_only_whole_words() -> None:
    engine = engine_of(
        Pipeline([Entity(0, 3, "SPEAKER"), Entity(7, 9, "SPEAKER")]), name="x", labels={"SPEAKER": "actor"}
    )
    assert [each.fragments for each in suggest(Context(text="Ada in Oslo"), [engine])] == [((0, 3),)]


def test_a_text_longer_than_the_pipeline_takes_is_left_alone() -> None:
    assert (
        suggest(Context(text="Ada in Oslo"), [engine_of(Pipeline([Entity(0, 3, "PER")], max_length=5), name="x")]) == []
    )


def test_without_spacy_or_the_pipeline_there_is_a_sentence() -> None:
    with pytest.raises(NoPipeline, match="en_nowhere"):
        spacy_engine("en_nowhere")
