"""Spans of several annotators become rows to decide: the same rows whatever order the data comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.clusters import Agreement, Cluster, Version, clusters_of
from annotations.domain.disagreements import Kind
from annotations.domain.documents import AnnotationSet, Relation
from annotations.domain.relation_clusters import RelationCluster, RelationVersion, relation_clusters_of
from tests.domain.agreement_vectors import set_of
from tests.domain.test_matching import span_lists

TEXT = "The minister said that rates will rise. Rates fell, the bank said. Ministers met in Rome today."


def of(annotator: str, *spans: list[Any], relations: tuple[tuple[str, int, int], ...] = ()) -> AnnotationSet:
    return set_of({"spans": spans, "relations": relations}, annotator)


def rows(*sets: AnnotationSet) -> list[tuple[Kind, Agreement, list[int]]]:
    """Kind, agreement and how many chose each version."""
    return [
        (cluster.kind, cluster.agreement, [len(version.annotators) for version in cluster.versions])
        for cluster in clusters_of(TEXT, sets)
    ]


def relation_rows(*sets: AnnotationSet) -> list[tuple[str, Agreement, list[int]]]:
    return [
        (cluster.kind.removeprefix("relation_"), cluster.agreement, [len(it.annotators) for it in cluster.versions])
        for cluster in relation_clusters_of(sets, clusters_of(TEXT, sets))
    ]


@st.composite
def several_sets(draw: st.DrawFn) -> list[AnnotationSet]:
    """Two to four sets in twelve characters, with ids that are unique and do not follow the order of annotators."""
    names = draw(st.permutations(["ada", "ben", "chi", "dora"]))[: draw(st.integers(2, 4))]
    sets = []
    for name in names:
        spans = [
            replace(span, id=f"{span.id}-{name}", attributes={"stance": draw(st.sampled_from(["supports", "opposes"]))})
            for span in draw(span_lists(4))
        ]
        ends = st.sampled_from([span.id for span in spans] or [""])
        triples = draw(st.lists(st.tuples(st.sampled_from("mk"), ends, ends), max_size=3 if spans else 0, unique=True))
        relations = [
            Relation(id=f"r{number}-{name}", label=label, source=source, target=target)
            for number, (label, source, target) in enumerate(triples)
        ]
        sets.append(AnnotationSet(kind="annotator", annotator=name, spans=spans, relations=relations))
    return sets


def test_a_cluster_says_what_each_version_is_and_who_chose_it() -> None:
    sets = [of("ben", ["actor", [4, 12]]), of("ada", ["actor", [0, 12]]), of("chi", ["actor", [4, 12]]), of("dora")]
    (found,) = clusters_of(TEXT, sets)
    assert found == Cluster(
        kind=Kind.BOUNDARY,
        label="actor",
        agreement=Agreement.TIE,
        versions=(
            Version(1, (sets[0].spans[0],), ("ben", "chi"), ("ben00", "chi00")),
            Version(2, (sets[1].spans[0],), ("ada",), ("ada00",)),
        ),
        absent=("dora",),
        fragments=((0, 12),),
        quote="The minister",
        shape=found.shape,
    )
    assert (found.sources, found.majority) == (("ada00", "ben00", "chi00"), None)


def test_how_far_annotators_agree() -> None:
    one, other = ["actor", [4, 12]], ["location", [4, 12]]
    assert rows(of("a", one), of("b", one), of("c", one)) == [(Kind.AGREE, Agreement.UNANIMOUS, [3])]
    assert rows(of("a", one), of("b", one), of("c", other)) == [(Kind.LABEL, Agreement.MAJORITY, [2, 1])]
    assert rows(of("a", one), of("b", one), of("c")) == [(Kind.MISSING, Agreement.MAJORITY, [2])]
    assert rows(of("a", one), of("b"), of("c")) == [(Kind.SPURIOUS, Agreement.SINGLE, [1])]
    assert rows(of("a", one), of("b", other)) == [(Kind.LABEL, Agreement.TIE, [1, 1])]
    assert rows(of("a", one), of("b")) == [(Kind.MISSING, Agreement.SINGLE, [1])]
    assert rows(of("a", one)) == [(Kind.AGREE, Agreement.UNANIMOUS, [1])]


def test_the_version_of_the_majority() -> None:
    sets = [of("a", ["actor", [4, 12]]), of("b", ["location", [4, 12]]), of("c", ["location", [4, 12]])]
    (found,) = clusters_of(TEXT, sets)
    assert (found.label, found.majority) == ("location", found.versions[0])


def test_the_kind_of_a_cluster() -> None:
    whole = of("a", ["claim", [0, 38]])
    assert rows(whole, of("b", ["claim", [0, 30]])) == [(Kind.BOUNDARY, Agreement.TIE, [1, 1])]
    assert rows(whole, of("b", ["actor", [0, 30]])) == [(Kind.LABEL_AND_BOUNDARY, Agreement.TIE, [1, 1])]
    assert rows(whole, of("b", ["claim", [0, 12], [23, 38]])) == [(Kind.DISCONTINUITY, Agreement.TIE, [1, 1])]
    assert rows(whole, of("b", ["claim", [0, 17]], ["claim", [18, 38]])) == [(Kind.SPLIT, Agreement.TIE, [1, 1])]


def test_the_same_span_with_another_entity_or_attribute_is_another_version() -> None:
    first = of("a", ["claim", [0, 38]])
    for changed in ({"entity": "rates up"}, {"attributes": {"stance": "opposes"}}):
        other = replace(first, annotator="b", spans=[replace(first.spans[0], id="b00", **changed)])
        assert rows(first, other) == [(Kind.ATTRIBUTES, Agreement.TIE, [1, 1])]


def test_parts_of_what_another_marked_as_one_are_decided_together() -> None:
    parts = ["claim", [0, 17]], ["claim", [18, 38]]
    sets = of("a", *parts), of("b", ["claim", [0, 38]]), of("c", *parts)
    (found,) = clusters_of(TEXT, sets)
    assert (found.kind, found.agreement) == (Kind.SPLIT, Agreement.MAJORITY)
    assert [(version.sources, len(version.spans)) for version in found.versions] == [
        (("a00", "a01", "c00", "c01"), 2),
        (("b00",), 1),
    ]


def test_a_duplicate_stays_over_in_a_cluster_of_its_own() -> None:
    twice = of("a", ["actor", [4, 12]], ["actor", [4, 12]])
    assert rows(twice, of("b", ["actor", [4, 12]])) == [
        (Kind.AGREE, Agreement.UNANIMOUS, [2]),
        (Kind.MISSING, Agreement.SINGLE, [1]),
    ]


def test_the_better_pair_goes_together_first() -> None:
    found = clusters_of(TEXT, [of("a", ["actor", [0, 12]]), of("b", ["actor", [0, 3]], ["actor", [4, 12]])])
    assert [cluster.sources for cluster in found] == [("a00", "b00", "b01")]
    found = clusters_of(TEXT, [of("a", ["actor", [0, 12]]), of("b", ["actor", [0, 8]], ["actor", [2, 12]])])
    assert [cluster.sources for cluster in found] == [("b00",), ("a00", "b01")]


def test_conflicts_are_alike_when_kind_quote_and_versions_are_and_only_then() -> None:
    def shape(word: str, *labels: str) -> str:
        text = f"Yes, {word} said"
        sets = [of(name, [label, [5, 5 + len(word)]]) for name, label in zip("abc", labels, strict=False)]
        (found,) = clusters_of(text, sets)
        return found.shape

    conflict = shape("Rome", "actor", "location")
    assert {shape("ROME", "location", "actor"), shape("Rome", "actor", "location")} == {conflict}
    others = {shape("Roma", "actor", "location"), shape("Rome", "actor", "claim"), shape("Rome", "actor", "actor")}
    assert len(others | {conflict}) == 4


def test_relations_are_compared_through_the_clusters_of_their_ends() -> None:
    spans = ["claim", [0, 38]], ["actor", [4, 12]], ["actor", [53, 61]]
    made, denied, elsewhere = ("made_by", 0, 1), ("denied_by", 0, 1), ("made_by", 0, 2)
    mine = of("a", *spans, relations=(made,))
    assert relation_rows(mine, of("b", *spans, relations=(made,))) == [("agree", Agreement.UNANIMOUS, [2])]
    assert relation_rows(mine, of("b", *spans, relations=(denied,))) == [("type", Agreement.TIE, [1, 1])]
    assert relation_rows(mine, of("b", *spans, relations=(elsewhere,))) == [("target", Agreement.TIE, [1, 1])]
    assert relation_rows(mine, of("b", *spans)) == [("missing", Agreement.SINGLE, [1])]
    assert relation_rows(mine, of("b", *spans), of("c", *spans)) == [("spurious", Agreement.SINGLE, [1])]
    assert relation_rows(mine, of("b", spans[0])) == [("blocked", Agreement.SINGLE, [1])]


def test_a_relation_waits_for_all_its_ends() -> None:
    spans = ["claim", [0, 38]], ["actor", [4, 12]], ["actor", [53, 61]]
    sets = [
        of("a", *spans, relations=(("made_by", 0, 1),)),
        of("b", *spans, relations=(("made_by", 0, 2),)),
        of("c", *spans, relations=(("made_by", 0, 2),)),
    ]
    (found,) = relation_clusters_of(sets, clusters_of(TEXT, sets))
    assert found.ends == (0, 1, 2)
    assert found.versions == (
        RelationVersion(1, "made_by", 0, 2, ("b", "c"), ("br0", "cr0")),
        RelationVersion(2, "made_by", 0, 1, ("a",), ("ar0",)),
    )


def test_parts_linked_to_one_actor_are_one_relation() -> None:
    actor = ["actor", [53, 61]]
    sets = [
        of("a", ["claim", [0, 17]], ["claim", [18, 38]], actor, relations=(("made_by", 0, 2), ("made_by", 1, 2))),
        of("b", ["claim", [0, 38]], actor, relations=(("made_by", 0, 1),)),
    ]
    (found,) = relation_clusters_of(sets, clusters_of(TEXT, sets))
    assert (found.agreement, found.sources) == (Agreement.UNANIMOUS, ("ar0", "ar1", "br0"))


@given(several_sets(), st.randoms(use_true_random=False))
def test_the_order_of_annotators_and_spans_does_not_matter(sets: list[AnnotationSet], random: Any) -> None:
    clusters = clusters_of(TEXT, sets)
    relations = relation_clusters_of(sets, clusters)
    shuffled = [
        replace(
            owner,
            spans=random.sample(owner.spans, len(owner.spans)),
            relations=random.sample(owner.relations, len(owner.relations)),
        )
        for owner in random.sample(sets, len(sets))
    ]
    assert clusters_of(TEXT, shuffled) == clusters
    assert relation_clusters_of(shuffled, clusters) == relations


@given(several_sets())
def test_every_span_and_relation_is_in_exactly_one_cluster(sets: list[AnnotationSet]) -> None:
    clusters = clusters_of(TEXT, sets)
    assert sorted(source for cluster in clusters for source in cluster.sources) == sorted(
        span.id for owner in sets for span in owner.spans
    )
    assert sorted(source for it in relation_clusters_of(sets, clusters) for source in it.sources) == sorted(
        relation.id for owner in sets for relation in owner.relations
    )


@given(several_sets())
def test_an_annotator_has_one_version_in_a_cluster_or_none(sets: list[AnnotationSet]) -> None:
    clusters = clusters_of(TEXT, sets)
    found: list[Cluster | RelationCluster] = [*clusters, *relation_clusters_of(sets, clusters)]
    for cluster in found:
        present = [name for version in cluster.versions for name in version.annotators]
        assert sorted([*present, *cluster.absent]) == sorted(owner.annotator for owner in sets)
        assert [version.digit for version in cluster.versions] == list(range(1, len(cluster.versions) + 1))
        assert (cluster.agreement == Agreement.UNANIMOUS) == (len(cluster.versions) == 1 and not cluster.absent)


@given(several_sets())
def test_renaming_labels_leaves_the_clusters_as_they_are(sets: list[AnnotationSet]) -> None:
    other = {"a": "z", "c": "b"}
    renamed = [replace(owner, spans=[replace(s, label=other[s.label]) for s in owner.spans]) for owner in sets]
    assert [(it.kind, it.sources, it.agreement) for it in clusters_of(TEXT, renamed)] == [
        (it.kind, it.sources, it.agreement) for it in clusters_of(TEXT, sets)
    ]
