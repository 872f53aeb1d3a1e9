"""Sections of a guideline, the labels they belong to, and differences between versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.guidelines import Line, Section, difference, is_named, sections_of

LABELS = {"actor": "Actor", "claim": "Claim", "made_up": "Invented place"}
TEXTS = st.text(alphabet="ab-+@#` \n", max_size=60)


def test_a_guideline_is_cut_at_the_headings_of_the_second_level() -> None:
    text = "# Rules\n\nRead first.\n\n## Claims ##\n\nWords.\n\n### Long ones\n\n## Actor or claim?\n\nBoth.\n"
    assert sections_of(text, LABELS) == (
        "\nRead first.\n\n",
        [
            Section("Claims", "\nWords.\n\n### Long ones\n\n", ("claim",)),
            Section("Actor or claim?", "\nBoth.\n", ("actor", "claim")),
        ],
    )


def test_without_such_headings_it_is_cut_at_the_first_level_and_never_in_code() -> None:
    text = "Before.\n\n# Actor\n\n```\n## not a heading\n# nor this\n```\n"
    assert sections_of(text, LABELS) == (
        "Before.\n\n",
        [Section("Actor", "\n```\n## not a heading\n# nor this\n```\n", ("actor",))],
    )


@pytest.mark.parametrize(
    ("title", "key", "name", "named"),
    [
        ("Claim", "claim", "Claim", True),
        ("What claims are", "claim", "Claim", True),
        ("CLAIM (c)", "claim", "Claim", True),
        ("Disclaimer", "claim", "Claim", False),
        ("Invented places", "made_up", "Invented place", True),
        ("Places", "made_up", "Invented place", False),
        ("Made up", "made_up", "Invented place", True),
        ("Behauptung", "claim", "Behauptung", True),
        ("", "claim", "", False),
    ],
)
def test_a_heading_names_a_label_by_its_words(title: str, key: str, name: str, named: bool) -> None:
    assert is_named(title, key, name) == named


@given(TEXTS)
def test_cutting_loses_no_line_but_headings(text: str) -> None:
    opening, sections = sections_of(text, LABELS)
    kept = (opening + "".join(section.markdown for section in sections)).splitlines()
    lost = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in kept if not line.startswith("#")] == lost


def test_a_difference_shows_what_went_and_what_came_with_three_lines_around() -> None:
    before = "## Claim\n" + "\n".join(f"line {number}" for number in range(1, 11))
    after = before.replace("line 9", "line nine")
    assert difference(before, after) == [
        Line("skipped", "⋯", "Claim"),
        *(Line("kept", " ", f"line {number}", ((False, f"line {number}"),)) for number in (6, 7, 8)),
        Line("removed", "-", "line 9", ((False, "line "), (True, "9"))),
        Line("added", "+", "line nine", ((False, "line "), (True, "nine"))),
        Line("kept", " ", "line 10", ((False, "line 10"),)),
    ]


def test_lines_that_have_little_in_common_differ_as_a_whole() -> None:
    assert difference("One thing.", "Quite another matter!") == [
        Line("removed", "-", "One thing.", ((True, "One thing."),)),
        Line("added", "+", "Quite another matter!", ((True, "Quite another matter!"),)),
    ]


@given(TEXTS, TEXTS)
def test_a_difference_has_lines_of_the_old_and_the_new_text_and_its_parts_are_the_line(before: str, after: str) -> None:
    lines = difference(before, after)
    assert {line.text for line in lines if line.kind in {"added", "kept"}} <= set(after.splitlines())
    assert {line.text for line in lines if line.kind in {"removed", "kept"}} <= set(before.splitlines())
    assert bool(lines) == (before.splitlines() != after.splitlines())
    assert all("".join(text for _, text in line.parts) == line.text for line in lines if line.kind != "skipped")
