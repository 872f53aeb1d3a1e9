"""The demo project's articles keep the promises of a native document and show every kind of disagreement."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from annotations.domain.disagreements import Kind, RelationKind, disagreements, relation_disagreements
from annotations.domain.documents import Document, quote_of
from annotations.formats import jsonl

DEMO = Path(__file__).parents[2] / "annotations" / "services" / "demo"
ARTICLES: list[dict[str, Any]] = [
    json.loads(line) for line in (DEMO / "articles.jsonl").read_text(encoding="utf-8").splitlines()
]
TEXTS = "\n".join(article["text"] for article in ARTICLES)
SETS = [
    pytest.param(article["text"], found, id=f"{article['id']}-{found.get('annotator', 'gold')}")
    for article in ARTICLES
    for found in article.get("annotation_sets", [])
]
ENDS = {"made_by": ("claim", "actor"), "located_in": ("claim", "location")}

type Shape = tuple[str, tuple[tuple[int, int], ...]]


def test_there_are_twelve_articles_with_readable_ids_and_complete_news_metadata() -> None:
    assert [article["id"] for article in ARTICLES] == [
        "brevik-harbour",
        "arica-water",
        "turku-library",
        "kisumu-buses",
        "tamale-vaccines",
        "killybegs-quota",
        "asuncion-guarani",
        "osterdalen-wolves",
        "errachidia-solar",
        "gdynia-stadium",
        "tainan-breach",
        "semarang-barrier",
    ]
    for article in ARTICLES:
        assert article["title"]
        assert article["outlet"]
        assert article["author"]
        assert article["section"]
        assert re.fullmatch(r"2025-\d\d-\d\d", article["published_at"])
        assert (article["language"], article["license"]) == ("en", "CC BY 4.0")
        assert "url" not in article


def test_the_texts_are_as_long_as_news_and_are_clean() -> None:
    lengths = [len(article["text"]) for article in ARTICLES]

    assert min(lengths) >= 1_500
    assert max(lengths) <= 6_000
    assert sum(length > 4_500 for length in lengths) >= 2
    for article in ARTICLES:
        text = article["text"]
        assert article["title"] not in text
        assert text == text.strip()
        assert not re.search(r"[{}\r\t\ufeff]|  | \n|\n{3}", text)


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r",” said [A-Z]", id="a quote followed by its speaker"),
        pytest.param(r"and,” (he|she) said, “", id="a quote interrupted in mid-sentence"),
        pytest.param(r"According to ", id="indirect speech"),
        pytest.param(r"It is (widely|generally) (expected|assumed) that ", id="a claim without a speaker"),
        pytest.param(r"Brevik Dockers’ Union", id="a location inside an actor"),
        pytest.param(r"Oslo rejected", id="a place that acts"),
        pytest.param("\U0001f468\u200d\U0001f469\u200d\U0001f467", id="a joined family"),
        pytest.param("\U0001f1f3\U0001f1f4", id="a flag"),
        pytest.param(r"(?m)^«[\u0600-\u06ff ،.]+»$", id="a right-to-left quote in its own paragraph"),
        pytest.param(r"“[^”]*‘[^’]+’[^”]*”", id="quotes within quotes"),
        pytest.param(r"„[^”]+”", id="low quotes"),
        pytest.param(r"「[^」]+」", id="corner quotes"),
    ],
)
def test_the_texts_show_what_news_is_made_of(pattern: str) -> None:
    assert re.search(pattern, TEXTS)


def test_the_texts_hold_accents_in_one_character_and_in_two() -> None:
    assert any(unicodedata.decomposition(character) for character in TEXTS)
    assert {"\u0301", "\u0303"} <= set(TEXTS)


def test_the_articles_are_in_every_state_a_newcomer_should_see() -> None:
    states = [
        [(found["kind"], found.get("annotator"), found["state"]) for found in article.get("annotation_sets", [])]
        for article in ARTICLES
    ]

    both = [("annotator", "ben", "submitted"), ("annotator", "chi", "submitted")]
    settled = [*both, ("gold", None, "done")]
    assert states == [
        settled,
        both,
        settled,
        *[both] * 5,
        [("annotator", "ben", "submitted")],
        [("annotator", "ben", "in_progress")],
        [],
        [],
    ]


@pytest.mark.parametrize(("text", "found"), SETS)
def test_every_span_is_sorted_disjoint_in_range_and_equal_to_its_quote(text: str, found: dict[str, Any]) -> None:
    for span in found["spans"]:
        fragments = [(start, end) for start, end in span["fragments"]]
        bounds = list(itertools.chain.from_iterable(fragments))
        assert bounds == sorted(set(bounds))
        assert fragments
        assert bounds[0] >= 0
        assert bounds[-1] <= len(text)
        assert span["quote"] == quote_of(text, fragments)
        assert all(text[start:end] == text[start:end].strip() for start, end in fragments)
    assert len(shapes_of(found)) == len(found["spans"])


def test_the_native_reader_takes_every_line() -> None:
    with (DEMO / "articles.jsonl").open("rb") as stream:
        problems = [(item.id, item.problem) for item in jsonl.read(stream)]

    assert problems == [(article["id"], "") for article in ARTICLES]


@pytest.mark.parametrize(("text", "found"), SETS)
def test_ids_are_unique_and_relations_join_spans_of_the_right_labels(text: str, found: dict[str, Any]) -> None:
    labels = {span["id"]: span["label"] for span in found["spans"]}
    relations = found["relations"]

    assert list(labels) == [f"s{number}" for number in range(1, len(found["spans"]) + 1)]
    assert [relation["id"] for relation in relations] == [f"r{number}" for number in range(1, len(relations) + 1)]
    for relation in relations:
        assert (labels[relation["source"]], labels[relation["target"]]) == ENDS[relation["label"]]
    assert len({(one["label"], one["source"], one["target"]) for one in relations}) == len(relations)


@pytest.mark.parametrize(("text", "found"), SETS)
def test_claims_and_only_claims_have_a_stance_and_a_form(text: str, found: dict[str, Any]) -> None:
    for span in found["spans"]:
        attributes = span.get("attributes", {})
        if span["label"] == "claim":
            assert attributes["stance"] in {"supports", "opposes", "neutral"}
            assert attributes["form"] in {"direct", "indirect"}
            assert len(attributes) == 2
        else:
            assert attributes == {}


def test_ben_and_chi_agree_on_about_three_spans_of_four() -> None:
    pairs = [(shapes_of(ben), shapes_of(chi)) for ben, chi in pairs_of_annotators()]

    assert len(pairs) == 8
    assert all(len(shapes) >= 12 for pair in pairs for shapes in pair)
    agreement = [2 * len(ben & chi) / (len(ben) + len(chi)) for ben, chi in pairs]
    assert min(agreement) > 0.7
    assert max(agreement) < 0.85


def test_a_reviewer_meets_every_kind_of_disagreement_often_enough() -> None:
    spans: Counter[Kind] = Counter()
    relations: Counter[RelationKind] = Counter()
    for document in documents():
        sets = {one.annotator: one for one in document.annotation_sets}
        if "chi" in sets:
            items = disagreements(sets["ben"].spans, sets["chi"].spans)
            spans.update(item.kind for item in items)
            relations.update(item.kind for item in relation_disagreements(sets["ben"], sets["chi"], items))

    assert {kind for kind, times in spans.items() if times >= 3} == set(Kind) - {Kind.ATTRIBUTES}
    # The project's two kinds of relation never join the same labels, so that the type cannot be in question.
    assert {kind for kind, times in relations.items() if times >= 3} == set(RelationKind) - {RelationKind.TYPE}
    assert spans.total() - spans[Kind.AGREE] >= 25


@pytest.mark.parametrize(
    ("quote", "ben", "chi", "articles"),
    [
        ("Oslo", {"actor"}, {"location"}, ["brevik-harbour", "killybegs-quota", "osterdalen-wolves"]),
        ("the ministry", {"actor"}, set(), ["tamale-vaccines", "asuncion-guarani", "osterdalen-wolves"]),
        ("Residents", set(), {"actor"}, ["arica-water", "turku-library", "kisumu-buses", "osterdalen-wolves"]),
        ("the city council", {"actor"}, set(), ["turku-library", "kisumu-buses"]),
    ],
)
def test_some_disagreements_are_alike_across_articles(
    quote: str, ben: set[str], chi: set[str], articles: list[str]
) -> None:
    found = []
    for article in ARTICLES:
        sets = {one.get("annotator", "gold"): one for one in article.get("annotation_sets", [])}
        if "chi" not in sets:
            continue
        left, right = shapes_of(sets["ben"]), shapes_of(sets["chi"])
        labels = [
            {label for label, fragments in shapes if quote_of(article["text"], fragments) == quote}
            for shapes in (left - right, right - left)
        ]
        if labels == [ben, chi]:
            found.append(article["id"])

    assert found == articles


def test_the_guideline_has_its_sections_in_order() -> None:
    headings = re.findall(r"^## (.+)$", (DEMO / "guideline.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert headings == ["Actor", "Claim", "Location", "Made by", "Located in", "When in doubt"]


def shapes_of(found: dict[str, Any]) -> set[Shape]:
    """The spans of a set as label and fragments (code points)."""
    return {(span["label"], fragments_of(span)) for span in found["spans"]}


def fragments_of(span: dict[str, Any]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in span["fragments"])


def pairs_of_annotators() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Ben's and Chi's sets of each article that has both."""
    found = [{one.get("annotator", "gold"): one for one in article.get("annotation_sets", [])} for article in ARTICLES]
    return [(sets["ben"], sets["chi"]) for sets in found if "chi" in sets]


def documents() -> list[Document]:
    """The articles as the native reader yields them."""
    with (DEMO / "articles.jsonl").open("rb") as stream:
        return [item.document for item in jsonl.read(stream) if item.document]
