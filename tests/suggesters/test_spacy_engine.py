"""The optional engine of a spaCy pipeline, here one of rules, made by the test."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import spacy

from annotations.suggesters import suggest
from annotations.suggesters.proposals import Context
from annotations.suggesters.spacy_engine import NoPipeline, engine_of, spacy_engine


def pipeline_of(**labels: str) -> spacy.language.Language:
    """A pipeline that finds words and gives them a label."""
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": label, "pattern": word} for word, label in labels.items()])  # type: ignore[attr-defined]
    return pipeline


def test_entities_become_proposals_of_the_label_they_are_mapped_to_at_code_points(tmp_path: Path) -> None:
    pipeline_of(Ada="PERSON", Oslo="GPE", Monday="DATE").to_disk(tmp_path)
    found = suggest(Context(text="😀 Ada in Oslo on Monday"), [spacy_engine(str(tmp_path))])
    assert [(each.engine, each.label, each.fragments) for each in found] == [
        (f"spacy:{tmp_path}", "actor", ((2, 5),)),
        (f"spacy:{tmp_path}", "location", ((9, 13),)),
    ]


def test_a_mapping_of_ones_own() -> None:
    engine = engine_of(pipeline_of(Ada="SPEAKER", Oslo="GPE"), name="own", labels={"SPEAKER": "actor"})
    assert [(each.label, each.fragments) for each in suggest(Context(text="Ada in Oslo"), [engine])] == [
        ("actor", ((0, 3),))
    ]


def test_a_text_longer_than_the_pipeline_takes_is_left_alone() -> None:
    pipeline = pipeline_of(Ada="PERSON")
    pipeline.max_length = 5
    assert suggest(Context(text="Ada in Oslo"), [engine_of(pipeline, name="short")]) == []


def test_without_the_pipeline_there_is_a_sentence() -> None:
    with pytest.raises(NoPipeline, match="spaCy has no pipeline en_nowhere: install it"):
        spacy_engine("en_nowhere")


def test_without_spacy_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(NoPipeline, match="en_missing needs spaCy, which is not installed"):
        spacy_engine("en_missing")
