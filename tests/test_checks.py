"""What is checked before anything runs."""

from __future__ import annotations

from pytest_django import Settings

from annotations.checks import check_pipeline


def test_without_a_pipeline_named_there_is_nothing_to_check(settings: Settings) -> None:
    settings.SPACY_PIPELINE = ""
    assert check_pipeline(None) == []


def test_a_pipeline_that_is_not_there_stops_the_start_with_a_sentence_that_names_the_variable(
    settings: Settings,
) -> None:
    settings.SPACY_PIPELINE = "en_nowhere"
    (error,) = check_pipeline(None)
    assert (error.id, error.hint) == ("annotations.E003", "Install it, or unset SPACY_PIPELINE.")
    assert error.msg.startswith("SPACY_PIPELINE: ")
    assert "en_nowhere" in error.msg
