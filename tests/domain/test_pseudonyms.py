"""People are called by number, and no name of theirs is left anywhere in a document."""

from __future__ import annotations

from annotations.domain.documents import AnnotationSet, Document, Relation, Span
from annotations.domain.pseudonyms import Pseudonyms, pseudonymised

PEOPLE = [
    ("ada.king@press", "ada.king", "Ada King", "Ada", "King", "ada@example.org"),
    ("ben", "ben", "", "", "", ""),
]


def test_people_are_numbered_in_their_order_and_newcomers_move_nobody() -> None:
    people = Pseudonyms(PEOPLE)
    assert [people.of(name) for name in ("ada.king", "ada.king@press", "ben")] == [
        "annotator-1",
        "annotator-1",
        "annotator-2",
    ]
    assert Pseudonyms([*PEOPLE, ("chi",)]).of("ben") == "annotator-2"


def test_names_are_found_between_anything_but_letters_and_digits() -> None:
    people = Pseudonyms(PEOPLE)
    assert people.scrubbed("ask BEN_s1, Ada King or ada@example.org; benefit of Kings") == (
        "ask annotator-2_s1, annotator-1 or annotator-1; benefit of Kings"
    )
    assert Pseudonyms([]).scrubbed("ben") == "ben"


def test_no_name_is_left_and_the_article_stays_as_it_is() -> None:
    span = Span(id="ben:1", label="actor", fragments=((0, 3),), entity="Ben", note="as Ada said", sources=("ben/1",))
    other = Span(id="BEN:1", label="actor", fragments=((4, 8),))
    document = Document(
        id="a", text="Ben said", author="Ben", metadata={"by": ["ben", 1], "ben": {"x": "Ada King"}},
        annotation_sets=(
            AnnotationSet(
                kind="annotator", annotator="ben", source="import of ben", spans=(span, other),
                relations=(Relation(id="", label="made_by", source="ben:1", target="BEN:1"),),
            ),
        ),
    )  # fmt: skip
    expected = Document(
        id="a", text="Ben said", author="Ben", metadata={"by": ["annotator-2", 1], "annotator-2": {"x": "annotator-1"}},
        annotation_sets=(
            AnnotationSet(
                kind="annotator", annotator="annotator-2", source="import of annotator-2",
                spans=(
                    Span(
                        id="annotator-2:1-2", label="actor", fragments=((0, 3),), entity="Ben",
                        note="as annotator-1 said", sources=("annotator-2/1",),
                    ),
                    Span(id="annotator-2:1", label="actor", fragments=((4, 8),)),
                ),
                relations=(Relation(id="", label="made_by", source="annotator-2:1-2", target="annotator-2:1"),),
            ),
        ),
    )  # fmt: skip
    assert pseudonymised(document, Pseudonyms(PEOPLE)) == expected
