"""Two data sets side by side: what was added, removed and relabelled, on a case made for it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.differences import ArticleDifference, SpanChange, differences


def span(key: str, label: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"id": key, "label": label, "fragments": [[start, end]], "quote": f"{start}-{end}", **more}


def article(key: str, *spans: dict[str, Any], relations: Any = (), text: str = "t" * 50) -> dict[str, Any]:
    one = {"kind": "gold", "spans": list(spans), "relations": list(relations)}
    return {"id": key, "title": key.title(), "text": text, "annotation_sets": [one]}


def link(source: str, target: str) -> dict[str, str]:
    return {"label": "made_by", "source": source, "target": target}


def test_a_constructed_case_is_told_as_it_is() -> None:
    before = [
        article("a", span("1", "actor", 0, 5), span("2", "claim", 6, 9), span("3", "actor", 10, 12)),
        article("b", span("1", "claim", 0, 5), span("2", "actor", 6, 9), relations=[link("1", "2")]),
        article("c", span("1", "actor", 0, 5)),
        article("gone", span("1", "actor", 0, 5)),
    ]
    after = [
        article(
            "a",
            span("x", "location", 0, 5),  # relabelled
            span("y", "claim", 6, 9, entity="Concept"),  # another entity
            span("z", "claim", 10, 13),  # another place: removed there, added here
        ),
        article("b", span("7", "claim", 0, 5), span("8", "actor", 6, 9), relations=[link("7", "8")]),  # other ids only
        article("c", span("1", "actor", 0, 5), text="u" * 50),
        article("new", span("1", "actor", 0, 5)),
    ]
    found = list(differences(before, after))
    assert found == [
        ArticleDifference(
            "a", "A", "changed",
            [
                SpanChange("relabelled", "gold", "location", "actor", ((0, 5),), "0-5"),
                SpanChange("reworded", "gold", "claim", "claim", ((6, 9),), "6-9"),
                SpanChange("removed", "gold", "actor", "", ((10, 12),), "10-12"),
                SpanChange("added", "gold", "claim", "", ((10, 13),), "10-13"),
            ],
        ),
        ArticleDifference("b", "B", "changed"),
        ArticleDifference("c", "C", "changed", other_text=True),
        ArticleDifference("gone", "Gone", "removed", [SpanChange("removed", "gold", "actor", "", ((0, 5),), "0-5")]),
        ArticleDifference("new", "New", "added", [SpanChange("added", "gold", "actor", "", ((0, 5),), "0-5")]),
    ]  # fmt: skip
    assert found[0].counts() == {"added": 1, "removed": 1, "relabelled": 1, "reworded": 1}


def test_sets_are_told_apart_by_whose_they_are_and_relations_are_counted() -> None:
    ben = {"kind": "annotator", "annotator": "ben"}
    chi = {"kind": "annotator", "annotator": "chi"}
    spans = [span("1", "claim", 0, 5), span("2", "actor", 6, 9)]
    before = [{"id": "a", "text": "t", "annotation_sets": [{**ben, "spans": spans, "relations": [link("1", "2")]}]}]
    after = [{"id": "a", "text": "t", "annotation_sets": [{**ben, "spans": spans}, {**chi, "spans": spans[:1]}]}]
    assert list(differences(before, after)) == [
        ArticleDifference(
            "a", "", "changed", [SpanChange("added", "annotator chi", "claim", "", ((0, 5),), "0-5")],
            relations_removed=1,
        )
    ]  # fmt: skip


places = st.tuples(st.integers(0, 5), st.integers(6, 9))
sets = st.sets(st.tuples(st.sampled_from(["actor", "claim", "location"]), places), max_size=8)


@given(sets, sets)
def test_what_is_added_and_relabelled_makes_the_one_of_the_other(old: set[Any], new: set[Any]) -> None:
    def written(found: set[Any]) -> list[dict[str, Any]]:
        return [article("a", *(span(str(n), label, *place) for n, (label, place) in enumerate(sorted(found))))]

    rebuilt = set(old)
    for each in differences(written(old), written(new)):
        for change in each.spans:
            [place] = change.fragments
            if change.change in {"removed", "relabelled"}:
                rebuilt.remove((change.before or change.label, place))
            if change.change in {"added", "relabelled"}:
                rebuilt.add((change.label, place))
    assert rebuilt == new
