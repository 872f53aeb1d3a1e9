"""The figures that the engines reached on news articles with gold; what lowers one is seen here."""

from __future__ import annotations

import pytest

from annotations.suggesters.proposals import ACTOR, CLAIM, LOCATION
from benchmarks import suggestions
from benchmarks.suggestions import Case


@pytest.fixture(scope="module")
def articles() -> list[Case]:
    if not suggestions.PATH.exists():
        pytest.fail(f"{suggestions.PATH} is missing: set NEWSAPP_SHARED to the folder that holds data/wikinews.jsonl.")
    return suggestions.cases()


def test_claims_by_rules(articles: list[Case]) -> None:
    claims = suggestions.counts(articles, CLAIM, "quotes")
    assert (claims.f1 or 0) >= 0.77


def test_speakers_of_claims(articles: list[Case]) -> None:
    right, judged = suggestions.speakers(articles)
    assert judged >= 140
    assert right / judged >= 0.77


def test_actors_by_the_dictionary(articles: list[Case]) -> None:
    actors = suggestions.counts(articles, ACTOR, "dictionary")
    assert actors.first >= 600
    assert actors.both / actors.first >= 0.92


def test_locations(articles: list[Case]) -> None:
    locations = suggestions.counts(articles, LOCATION, "gazetteer", "dictionary")
    assert (locations.f1 or 0) >= 0.63


def test_repetitions(articles: list[Case]) -> None:
    right, offered = suggestions.repeated(articles)
    assert offered >= 400
    assert right / offered >= 0.95
