"""Two sets of one article: every span and every relation is in exactly one item, and its kind is the right one."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.disagreements import Item, Kind, RelationKind, disagreements, relation_disagreements
from annotations.domain.documents import AnnotationSet, Relation, Span
from tests.domain.agreement_vectors import set_of, spans_of, vectors_of
from tests.domain.test_matching import span_lists


def kinds(reference: list[Any], other: list[Any]) -> list[tuple[Kind, tuple[int, ...], tuple[int, ...]]]:
    found = disagreements(spans_of(reference), spans_of(other))
    return [(item.kind, item.reference, item.other) for item in found]


def test_the_reference_cases() -> None:
    for vector in vectors_of("disagreement_type"):
        given_ = vector["input"]
        items = disagreements(
            spans_of(given_["reference"]),
            spans_of(given_["other"]),
            least_iou=given_["label_diff_iou"],
            least_part=given_["part_in"],
        )
        found = [[item.kind.replace("_and_", "+"), list(item.reference), list(item.other)] for item in items]
        assert found == vector["expected"]["items"], vector["id"]


def test_the_reference_cases_of_relations() -> None:
    for vector in vectors_of("relation_disagreement"):
        sides = [vector["input"][side] for side in ("reference", "other")]
        found = [
            [
                str(item.kind),
                *(
                    None if number is None else side["relations"][number]
                    for side, number in zip(sides, (item.reference, item.other), strict=True)
                ),
            ]
            for item in relation_disagreements(set_of(sides[0], "r"), set_of(sides[1], "o"))
        ]
        assert found == vector["expected"]["items"], vector["id"]


def test_one_discontinuous_span_against_several_is_a_discontinuity() -> None:
    several = [["claim", [0, 18]], ["claim", [25, 40]]]
    assert kinds([["claim", [0, 18], [25, 40]]], several) == [(Kind.DISCONTINUITY, (0,), (0, 1))]
    assert kinds(several, [["claim", [0, 18], [25, 40]]]) == [(Kind.DISCONTINUITY, (0, 1), (0,))]


def test_parts_that_lie_outside_by_more_than_half_make_no_split() -> None:
    assert kinds([["claim", [10, 20]]], [["claim", [0, 14]], ["claim", [17, 30]]]) == [
        (Kind.BOUNDARY, (0,), (0,)),
        (Kind.SPURIOUS, (), (1,)),
    ]


def test_a_split_among_three_spans_takes_the_two_that_are_disjoint() -> None:
    assert kinds([["claim", [0, 40]]], [["claim", [0, 5]], ["claim", [0, 20]], ["claim", [20, 40]]]) == [
        (Kind.SPLIT, (0,), (1, 2)),
        (Kind.SPURIOUS, (), (0,)),
    ]


def test_the_best_assignment_is_not_the_greedy_one() -> None:
    first = [["actor", [0, 10]], ["actor", [10, 40]]]
    assert kinds(first, [["actor", [3, 18]], ["actor", [0, 2]]]) == [
        (Kind.BOUNDARY, (0,), (1,)),
        (Kind.BOUNDARY, (1,), (0,)),
    ]


def test_a_relation_to_a_span_that_only_one_set_has_is_another_target() -> None:
    spans = [["claim", [0, 9]], ["actor", [10, 12]]]
    mine = set_of({"spans": spans, "relations": [["made_by", 0, 1]]}, "r")
    theirs = set_of({"spans": [*spans, ["actor", [20, 24]]], "relations": [["made_by", 0, 2]]}, "o")
    assert [item.kind for item in relation_disagreements(mine, theirs)] == [RelationKind.TARGET]
    assert [item.kind for item in relation_disagreements(theirs, mine)] == [RelationKind.BLOCKED, RelationKind.SPURIOUS]


MIRRORED = {Kind.SPLIT: Kind.MERGE, Kind.MERGE: Kind.SPLIT, Kind.MISSING: Kind.SPURIOUS, Kind.SPURIOUS: Kind.MISSING}


@given(span_lists(6), span_lists(6))
def test_every_span_is_in_exactly_one_item(reference: list[Span], other: list[Span]) -> None:
    items = disagreements(reference, other)
    assert sorted(i for item in items for i in item.reference) == list(range(len(reference)))
    assert sorted(j for item in items for j in item.other) == list(range(len(other)))


@given(span_lists(6))
def test_a_set_agrees_with_itself(spans: list[Span]) -> None:
    assert {item.kind for item in disagreements(spans, spans)} <= {Kind.AGREE}


@given(span_lists(5), span_lists(5))
def test_swapping_the_sets_mirrors_what_is_split_and_merged(reference: list[Span], other: list[Span]) -> None:
    def divided(items: list[Item]) -> list[Item]:
        return [item for item in items if len(item.reference) > 1 or len(item.other) > 1]

    mirrored = [
        Item(MIRRORED.get(item.kind, item.kind), item.other, item.reference)
        for item in divided(disagreements(other, reference))
    ]
    assert sorted(divided(disagreements(reference, other)), key=repr) == sorted(mirrored, key=repr)


@given(span_lists(5), span_lists(5), st.randoms(use_true_random=False))
def test_the_order_of_the_spans_does_not_matter(reference: list[Span], other: list[Span], random: Any) -> None:
    def named(mine: list[Span], theirs: list[Span]) -> set[tuple[Kind, frozenset[str], frozenset[str]]]:
        return {
            (item.kind, frozenset(mine[i].id for i in item.reference), frozenset(theirs[j].id for j in item.other))
            for item in disagreements(mine, theirs)
        }

    before = named(reference, other)
    shuffled = random.sample(reference, len(reference)), random.sample(other, len(other))
    assert named(*shuffled) == before


@given(span_lists(4), span_lists(4), st.data())
def test_every_relation_is_in_exactly_one_item(reference: list[Span], other: list[Span], data: st.DataObject) -> None:
    sets: list[AnnotationSet] = []
    for spans in (reference, other):
        ends = st.sampled_from([span.id for span in spans] or [""])
        most = 4 if spans else 0
        triples = data.draw(st.lists(st.tuples(st.sampled_from("mk"), ends, ends), max_size=most, unique=True))
        relations = [
            Relation(id=str(number), label=label, source=source, target=target)
            for number, (label, source, target) in enumerate(triples)
        ]
        sets.append(AnnotationSet(kind="annotator", spans=spans, relations=relations))
    items = relation_disagreements(sets[0], sets[1])
    assert sorted(item.reference for item in items if item.reference is not None) == list(range(len(sets[0].relations)))
    assert sorted(item.other for item in items if item.other is not None) == list(range(len(sets[1].relations)))
    assert all(item.kind == RelationKind.AGREE for item in relation_disagreements(sets[0], sets[0]))
