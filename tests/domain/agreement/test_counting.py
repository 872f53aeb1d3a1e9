"""What is counted of many articles at once is what a plain count of each gives, in whatever order they come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.domain.agreement import Sums, scalar
from annotations.domain.agreement.batches import Submitted
from annotations.domain.agreement.coding import alpha, alpha_over_labels, cohen_kappa, fleiss_kappa
from annotations.domain.agreement.counting import counts_of, mean_f1
from annotations.domain.agreement.covers import tokens_of
from annotations.domain.agreement.measures import Question, rows_of
from annotations.domain.agreement.table import Table
from annotations.domain.agreement.unitizing import alpha_u, bar_u_alpha, cu_alpha, ku_alpha, u_alpha
from annotations.domain.agreement_names import MEASURES
from annotations.domain.documents import AnnotationSet, Relation, Span
from annotations.domain.matching import Counts, exact, overlapping, relation_counts, span_counts, tolerant
from tests.domain.agreement import plain
from tests.domain.agreement.measured import measured

CRITERIA = {"exact": exact, "tolerant": tolerant(3), "overlap": overlapping}
LABELS = ("a", "c")
ACTOR_AND_CLAIM = ("actor", "claim")


@st.composite
def works(draw: st.DrawFn) -> AnnotationSet:
    """Up to four spans of one or two fragments in twelve characters, some of them linked; no two the same."""
    spans: dict[tuple[object, ...], Span] = {}
    for number in range(draw(st.integers(0, 4))):
        borders = sorted(draw(st.sets(st.integers(0, 12), min_size=2, max_size=4)))
        fragments = tuple(zip(borders[::2], borders[1::2], strict=False))
        label = draw(st.sampled_from(LABELS))
        stance = draw(st.sampled_from([{}, {"stance": "for"}, {"stance": "against"}]))
        spans[label, fragments] = Span(id=str(number), label=label, fragments=fragments, attributes=stance)
    ids = [span.id for span in spans.values()]
    ends = draw(st.sets(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=3)) if len(ids) > 1 else ()
    links = [(source, target) for source, target in sorted(ends) if source != target]
    return AnnotationSet(
        kind="annotator",
        spans=list(spans.values()),
        relations=[
            Relation(id=f"r{number}", label=draw(st.sampled_from("mk")), source=source, target=target)
            for number, (source, target) in enumerate(links)
        ],
    )


@st.composite
def articles(draw: st.DrawFn) -> Submitted:
    """Twelve characters and some more, and two or three of four annotators."""
    text = draw(st.text("ab .", min_size=12, max_size=15))
    who = draw(st.sets(st.integers(1, 4), min_size=2, max_size=3))
    return Submitted(text=text, sets={number: draw(works()) for number in sorted(who)})


projects = st.lists(articles(), min_size=1, max_size=3)


def together(sums: Sequence[Sums]) -> Sums:
    return {key: sum(one.get(key, 0) for one in sums) for key in {key for one in sums for key in one}}


def plainly(project: Sequence[Submitted]) -> dict[Question, float | None]:
    """The values for all annotators, and of F1 for pairs, from plain counts."""
    found: dict[Question, float | None] = {}
    for label in LABELS:
        characters = [plain.character_sums(len(one.text), list(one.sets.values()), label) for one in project]
        tokens = [plain.token_sums(tokens_of(one.text), list(one.sets.values()), label) for one in project]
        units = [[plain.units_of(own, label) for own in one.sets.values()] for one in project]
        found["alpha_characters", label, None] = scalar(alpha(together(characters)))
        found["alpha_tokens", label, None] = scalar(alpha(together(tokens)))
        lengths = [len(one.text) for one in project]
        found["u_alpha", label, None] = scalar(
            u_alpha(together([plain.u_sums(*each) for each in zip(lengths, units, strict=True)]))
        )
        found["alpha_u", label, None] = scalar(
            alpha_u(together([plain.alpha_u_sums(*each) for each in zip(lengths, units, strict=True)]))
        )
    for name, count in (("alpha_characters", plain.character_sums), ("alpha_tokens", plain.token_sums)):
        places = [len(one.text) if name == "alpha_characters" else tokens_of(one.text) for one in project]
        by_label = [
            together([count(at, list(one.sets.values()), label) for at, one in zip(places, project, strict=True)])  # type: ignore[arg-type]
            for label in LABELS
        ]
        found[name, None, None] = scalar(alpha_over_labels(by_label))
    nominal = [plain.token_set_sums(tokens_of(one.text), list(one.sets.values())) for one in project]
    found["alpha_tokens_nominal", None, None] = scalar(alpha(together(nominal)))
    innermost = together(
        [
            plain.u_sums(
                len(one.text), [plain.innermost_units(_by_label(own), len(one.text)) for own in one.sets.values()]
            )
            for one in project
        ]
    )
    found["u_alpha", None, None] = scalar(u_alpha(innermost))
    found["bar_u_alpha", None, None] = scalar(bar_u_alpha(innermost))
    found["cu_alpha", None, None] = scalar(cu_alpha(innermost))
    found |= {("ku_alpha", label, None): scalar(ku_alpha(innermost, label)) for label in LABELS}
    rows = together([plain.fleiss_sums(plain.label_rows(list(one.sets.values()))) for one in project])
    if len({len(one.sets) for one in project}) == 1:
        found["kappa_label", None, None] = scalar(fleiss_kappa(rows))
    return found


def pair_by_pair(project: Sequence[Submitted]) -> dict[Question, float | None]:
    """F1 and Cohen's kappa of each pair of annotators, from plain counts."""
    found: dict[Question, float | None] = {}
    pairs = {pair for one in project for pair in combinations(sorted(one.sets), 2)}
    for pair in pairs:
        sets = [(one.sets[pair[0]], one.sets[pair[1]]) for one in project if set(pair) <= set(one.sets)]
        for name, criterion in CRITERIA.items():
            spans = [span_counts(first.spans, second.spans, criterion) for first, second in sets]
            found[f"f1_{name}", None, pair] = sum((n for one in spans for n in one.values()), Counts()).f1
            for label in LABELS:
                found[f"f1_{name}", label, pair] = sum((one.get(label, Counts()) for one in spans), Counts()).f1
        for name, criterion, conditional in (
            ("exact", exact, False),
            ("overlap", overlapping, False),
        ):
            links = [relation_counts(*each, criterion, conditional=conditional) for each in sets]
            found[f"relation_f1_{name}", None, pair] = sum((n for one in links for n in one.values()), Counts()).f1
        labels = together([plain.cohen_sums(plain.label_rows(each)) for each in sets])
        found["kappa_label", None, pair] = scalar(cohen_kappa(labels))
    return found


def chosen(values: dict[Question, float | None], wanted: dict[Question, float | None]) -> dict[Question, float | None]:
    return {question: values[question] for question in wanted}


@settings(max_examples=100)
@given(projects)
def test_many_at_once_are_counted_like_one_by_one(project: list[Submitted]) -> None:
    expected = plainly(project)
    assert chosen(measured(*project, labels=LABELS), expected) == pytest.approx(expected)


@settings(max_examples=100)
@given(projects)
def test_pairs_have_the_f1_of_the_largest_matching(project: list[Submitted]) -> None:
    expected = pair_by_pair(project)
    assert chosen(measured(*project, labels=LABELS), expected) == pytest.approx(expected)


@settings(max_examples=40)
@given(projects)
def test_counted_in_one_go_or_one_by_one_it_is_the_same(project: list[Submitted]) -> None:
    assert counts_of(project, LABELS) == [counts for one in project for counts in counts_of([one], LABELS)]


@settings(max_examples=40)
@given(projects, st.randoms(use_true_random=False))
def test_order_does_not_matter(project: list[Submitted], random: Random) -> None:
    def shuffled(owner: AnnotationSet) -> AnnotationSet:
        return replace(
            owner,
            spans=random.sample(list(owner.spans), len(owner.spans)),
            relations=random.sample(list(owner.relations), len(owner.relations)),
        )

    other = [
        replace(one, sets={who: shuffled(own) for who, own in random.sample(list(one.sets.items()), len(one.sets))})
        for one in random.sample(project, len(project))
    ]
    assert measured(*other, labels=LABELS) == pytest.approx(measured(*project, labels=LABELS))


@settings(max_examples=40)
@given(projects)
def test_annotators_who_change_places_agree_as_much(project: list[Submitted]) -> None:
    # kappa_label and kappa_attribute of a pair have a first and a second annotator, whose tables are turned
    other = [replace(one, sets={-who: own for who, own in one.sets.items()}) for one in project]
    turned = {
        (measure, label, who and (-who[1], -who[0])): value
        for (measure, label, who), value in measured(*other, labels=LABELS).items()
    }
    assert turned == pytest.approx(measured(*project, labels=LABELS))


@settings(max_examples=40)
@given(projects)
def test_names_of_labels_do_not_matter(project: list[Submitted]) -> None:
    names = {"a": "z", "c": "b"}
    other = [
        replace(
            one,
            sets={
                who: replace(own, spans=[replace(span, label=names[span.label]) for span in own.spans])
                for who, own in one.sets.items()
            },
        )
        for one in project
    ]
    renamed = {
        (
            measure,
            {"z": "a", "b": "c", "z.stance": "a.stance", "b.stance": "c.stance"}.get(label or "", label),
            who,
        ): value
        for (measure, label, who), value in measured(*other, labels=["z", "b"]).items()
    }
    assert renamed == pytest.approx(measured(*project, labels=LABELS))


def test_nominal_alpha_is_that_of_the_krippendorff_package() -> None:
    random = Random(5)
    for _ in range(200):
        length, annotators = random.randint(1, 40), random.randint(2, 4)
        sets = []
        for _ in range(annotators):
            borders = sorted(random.sample(range(length + 1), 2 * min(random.randint(0, 3), (length + 1) // 2)))
            sets.append(
                [
                    Span(id=str(start), label=random.choice(LABELS), fragments=((start, end),))
                    for start, end in zip(borders[::2], borders[1::2], strict=True)
                ]
            )
        article = Submitted(text="x " * length, sets=dict(enumerate(map(_set, sets))))
        values = measured(article, labels=LABELS)
        covers = np.array(
            [
                [
                    [
                        any(s.label == label and any(b <= at < e for b, e in s.fragments) for s in own)
                        for label in LABELS
                    ]
                    for at in range(2 * length)
                ]
                for own in sets
            ]
        )
        for number, label in enumerate(LABELS):
            expected = _package(covers[:, :, number])
            assert values["alpha_characters", label, None] == pytest.approx(expected)
        tokens = covers[:, ::2, 0] + 2 * covers[:, ::2, 1]
        assert values["alpha_tokens_nominal", None, None] == pytest.approx(_package(tokens))


def _set(spans: Sequence[Span]) -> AnnotationSet:
    return AnnotationSet(kind="annotator", spans=spans)


def _by_label(owner: AnnotationSet) -> AnnotationSet:
    """Of two spans with the same fragments, the first in the order of labels is the innermost."""
    return replace(owner, spans=sorted(owner.spans, key=lambda span: span.label))


def _package(values: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float | None:
    """The second opinion; the package refuses where all values are the same."""
    if len(np.unique(values)) < 2:
        return None
    return float(krippendorff.alpha(values.astype(float), level_of_measurement="nominal"))


def a_claim(name: str, stance: str = "for", at: int = 0) -> Span:
    return Span(id=name, label="claim", fragments=((at, at + 9),), attributes={"stance": stance})


def an_actor(name: str, at: int = 20) -> Span:
    return Span(id=name, label="actor", fragments=((at, at + 3),))


def statement_f1(first: AnnotationSet, second: AnnotationSet) -> float | None:
    article = Submitted(text="x" * 60, sets={1: first, 2: second})
    return measured(article)["statement_f1", None, (1, 2)]


def a_statement(*spans: Span, links: Sequence[tuple[str, str]] = (("x", "y"),)) -> AnnotationSet:
    relations = [
        Relation(id=f"r{number}", label="made_by", source=source, target=target)
        for number, (source, target) in enumerate(links)
    ]
    return AnnotationSet(kind="annotator", spans=spans, relations=relations)


def test_statements_match_with_their_attributes_and_all_their_relations() -> None:
    one = a_statement(a_claim("x"), an_actor("y"))
    shifted = a_statement(a_claim("x", at=3), an_actor("y", at=21))
    opposed = a_statement(a_claim("x", "against"), an_actor("y"))
    elsewhere = a_statement(a_claim("x"), an_actor("y", at=40))
    two_actors = a_statement(a_claim("x"), an_actor("y"), an_actor("z", at=30), links=[("x", "y"), ("x", "z")])
    unlinked = a_statement(a_claim("x"), links=[])
    named = a_statement(replace(a_claim("x"), entity="Ports"), an_actor("y"))
    other_name = a_statement(replace(a_claim("x"), entity="Wages"), an_actor("y"))
    found = [statement_f1(one, other) for other in (one, shifted, opposed, elsewhere, two_actors, unlinked, named)]
    assert found == [1, 1, 0, 0, 0, 0, 1]
    assert (statement_f1(named, other_name), statement_f1(unlinked, unlinked)) == (0, None)


def test_relations_are_also_judged_where_both_ends_are_agreed_on() -> None:
    first = a_statement(a_claim("x"), an_actor("y"), an_actor("z", at=30), links=[("x", "y"), ("x", "z")])
    second = a_statement(a_claim("x"), an_actor("y"))
    values = measured(Submitted(text="x" * 60, sets={1: first, 2: second}))
    names = ("relation_f1_exact", "relation_f1_overlap", "relation_f1_conditional")
    assert [values[name, None, (1, 2)] for name in names] == pytest.approx([2 / 3, 2 / 3, 1])


def test_all_measures_of_the_contract_but_gamma_have_rows() -> None:
    article = Submitted(text="x" * 60, sets={1: a_statement(a_claim("x"), an_actor("y"))})
    both = replace(article, sets={1: article.sets[1], 2: article.sets[1]})
    rows = rows_of(Table(counts_of([both], ACTOR_AND_CLAIM)), ACTOR_AND_CLAIM)
    assert [name for name in MEASURES if name not in {row.measure for row in rows}] == ["gamma"]


def test_an_article_without_spans_says_how_much_nothing_there_is() -> None:
    (counts,) = counts_of([Submitted(text="Oslo.", sets={2: _set([]), 1: _set([])})], LABELS)
    assert (counts["annotators"], counts["spans"], mean_f1(counts, "exact")) == ([1, 2], 0, None)
    assert counts["pairs"] == [
        {"length": {"": 5}, "tokens": {"": 2}, "token_sets": {"": 4}, "token_sets_same": {"": 2}}
    ]


def test_distances_of_borders_are_counted_in_bins() -> None:
    first, second = an_actor("y", at=20), Span(id="z", label="actor", fragments=((16, 22),))
    (counts,) = counts_of([Submitted(text="x" * 60, sets={1: _set([first]), 2: _set([second])})], ACTOR_AND_CLAIM)
    assert {name: counts["all"][name] for name in ("starts", "ends")} == {
        "starts": {"actor\x1f3": 1},
        "ends": {"actor\x1f1": 1},
    }
