"""Claims by quotation marks and reporting verbs, each linked to who makes it."""

from __future__ import annotations

import pytest

from annotations.domain.documents import quote_of
from annotations.suggesters import ENGINES, suggest
from annotations.suggesters.proposals import Context, LabelledSpan
from annotations.suggesters.quotes.languages import table_for
from annotations.suggesters.words import tokenise

type Claim = tuple[str, str | None]


def claims(text: str, language: str = "en") -> list[Claim]:
    """Each claim with its speaker, in reading order."""
    found = suggest(Context(text=text, language=language), [ENGINES["quotes"]])
    return [
        (quote_of(text, each.fragments), quote_of(text, each.links[0].fragments) if each.links else None)
        for each in found
        if each.label == "claim"
    ]


@pytest.mark.parametrize(
    "quoted",
    [
        "“We have lost nine days”",
        '"We have lost nine days"',
        "„We have lost nine days“",
        "«We have lost nine days»",
        "« We have lost nine days »",
        "»We have lost nine days«",
        "‹We have lost nine days›",
        "‘We can’t lose nine days’",
        "'We can't lose nine days'",
        "「We have lost nine days」",
    ],
)
def test_quotation_marks_of_all_kinds(quoted: str) -> None:
    assert claims(f"{quoted}, said Ingrid Solheim.") == [(quoted, "Ingrid Solheim")]
    assert claims(f"Ingrid Solheim said: {quoted}.") == [(quoted, "Ingrid Solheim")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # in front, behind, and both sides of the verb
        ("“It will rain,” Ben Ode said.", [("“It will rain,”", "Ben Ode")]),
        ("“It will rain,” said team member Ben Ode on Friday.", [("“It will rain,”", "team member Ben Ode")]),
        ("Ben Ode, a pilot, said: “It will rain.”", [("“It will rain.”", "Ben Ode")]),
        ("Its director, Ben Ode, said it would rain.", [("it would rain", "Ben Ode")]),
        ("The Harbour Office (HO) says it will rain.", [("it will rain", "The Harbour Office")]),
        ("WHO said it would rain.", [("it would rain", "WHO")]),
        # indirect
        ("Ben said that it would rain.", [("it would rain", "Ben")]),
        ("Ben told the press on Monday that it would rain.", [("it would rain", "Ben")]),
        ("Ben told the court it would rain.", [("it would rain", "Ben")]),
        ("Ben asked officials why it always rained.", [("why it always rained", "Ben")]),
        ("The results show that it rains more often.", [("it rains more often", "The results")]),
        ("The ferry will wait, officials say.", [("The ferry will wait", "officials")]),
        # interrupted
        ("“It will,” said Ben Ode, “rain on Friday.”", [("“It will,” … “rain on Friday.”", "Ben Ode")]),
        ("“It will rain,” said Ben Ode. “Take a coat.”", [("“It will rain,” … “Take a coat.”", "Ben Ode")]),
        (
            "“It will rain,” said Ben Ode, who knows. “Take a coat, and,” he said, “take mine.”",
            [("“It will rain,”", "Ben Ode"), ("“Take a coat, and,” … “take mine.”", "Ben Ode")],
        ),
        (
            "“It will,” said Ben Ode, “rain, and,” he added, “rain all day.”",
            [("“It will,” … “rain, and,” … “rain all day.”", "Ben Ode")],
        ),
        ("The ferry, said Mauer, will wait for all.", [("The ferry … will wait for all", "Mauer")]),
        # two in one sentence
        (
            "Ben said it would rain all day, and said he would swim.",
            [("it would rain all day", "Ben"), ("he would swim", "Ben")],
        ),
        # openings
        ("According to the harbour office, it will rain.", [("it will rain", "the harbour office")]),
        ("According to Ben Ode, a pilot, it will rain.", [("it will rain", "Ben Ode")]),
        ("According to its pilot, Ben Ode, it will rain.", [("it will rain", "Ben Ode")]),
        ("It will rain, according to Ben Ode.", [("It will rain", "Ben Ode")]),
        ("“It will rain all day”, according to Ben Ode.", [("“It will rain all day”", "Ben Ode")]),
        # nobody in particular
        ("It is widely expected that it will rain.", [("it will rain", None)]),
        ("It is asserted by the Crown that it had rained.", [("it had rained", "the Crown")]),
        # behind a dash
        ("“It rains when it wants to” — Ben Ode", [("“It rains when it wants to”", "Ben Ode")]),
    ],
)
def test_english(text: str, expected: list[Claim]) -> None:
    assert claims(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "„Wir haben verloren“, sagte Ingrid Solheim.", [("„Wir haben verloren“", "Ingrid Solheim")]),
        ("de", "Solheim erklärte, der Hafen sei offen.", [("der Hafen sei offen", "Solheim")]),
        ("de", "Am Montag sagte Olaf Scholz, dass es regnen wird.", [("es regnen wird", "Olaf Scholz")]),
        ("de", "Laut dem Hafenamt warten die Schiffe.", [("warten die Schiffe", "dem Hafenamt")]),
        ("de", "Nach Angaben von Jonas Mørk kostet es viel.", [("kostet es viel", "Jonas Mørk")]),
        ("de", "Dem Hafenamt zufolge warten die Schiffe.", [("warten die Schiffe", "Dem Hafenamt")]),
        ("fr", "« Nous avons perdu », a déclaré Ingrid Solheim.", [("« Nous avons perdu »", "Ingrid Solheim")]),
        ("fr", "Le ministre a affirmé que le port ouvrirait.", [("le port ouvrirait", "Le ministre")]),
        ("fr", "Emmanuel Macron a dit qu’il voulait négocier.", [("il voulait négocier", "Emmanuel Macron")]),
        ("fr", "D’après Jonas Mørk, les quais sont pleins.", [("les quais sont pleins", "Jonas Mørk")]),
        ("es", "«Hemos perdido mucho», dijo Ingrid Solheim.", [("«Hemos perdido mucho»", "Ingrid Solheim")]),
        ("es", "El ministro aseguró que el puerto abrirá.", [("el puerto abrirá", "El ministro")]),
        ("es", "Según el puerto, cuarenta barcos esperan.", [("cuarenta barcos esperan", "el puerto")]),
        ("ar", "قال الوزير: «سنفتح الميناء غدا صباحا».", [("«سنفتح الميناء غدا صباحا»", None)]),
    ],
)
def test_other_languages(language: str, text: str, expected: list[Claim]) -> None:
    assert claims(text, language) == expected


@pytest.mark.parametrize(
    "text",
    [
        "He reads “The Port of Call” on the ferry.",  # a title
        "The so-called “free” ferry was late.",
        "The dockers’ union and the pilots’ club met.",  # apostrophes
        "The '90s and the '80s were dry.",
        "An asylum claim was filed; the light show ended.",
        "They were denied visas.",
        'A 12" screen and a 14" one.',
        'צה"ל וארה"ב',
    ],
)
def test_what_is_no_claim(text: str) -> None:
    assert claims(text) == []


def test_he_and_she_mean_who_was_named_as_speaker_before() -> None:
    text = "Aino Berg said it would rain. “Take a coat,” she said."
    assert claims(text) == [("it would rain", "Aino Berg"), ("“Take a coat,”", "Aino Berg")]


def test_a_pronoun_that_means_nobody_known_is_no_speaker() -> None:
    assert claims("“Take a coat,” she said. “It will rain,” they said. “Go now,” I said.") == [
        ("“Take a coat,”", None),
        ("“It will rain,”", None),
        ("“Go now,”", None),
    ]


def test_a_quotation_over_several_paragraphs_is_one_claim() -> None:
    text = "Ben Ode said: “It will rain.\n\n“It will rain all day.”\n\nIt did."
    assert claims(text) == [("“It will rain. … “It will rain all day.”", "Ben Ode")]


def test_a_quotation_that_is_never_closed_ends_with_its_paragraph() -> None:
    assert claims("Ben said “it.\n\nThen: “It rains,” said Chi Ode.") == [("“It rains,”", "Chi Ode")]


def test_the_speaker_is_an_actor_with_the_name_as_entity_and_the_claim_has_its_form() -> None:
    text = "Prime Minister Ingrid Solheim said: “It will rain.”"
    actor, claim = suggest(Context(text=text, language="en"), [ENGINES["quotes"]])
    assert (actor.label, quote_of(text, actor.fragments), actor.entity) == (
        "actor",
        "Prime Minister Ingrid Solheim",
        "Ingrid Solheim",
    )
    assert (claim.attributes, [link.relation for link in claim.links]) == ({"form": "direct"}, ["made_by"])


def test_an_actor_that_is_labelled_already_is_linked() -> None:
    text = "Prime Minister Ingrid Solheim said it would rain."
    spans = [LabelledSpan(label="actor", fragments=((15, 29),))]
    (claim,) = suggest(Context(text=text, language="en", spans=spans), [ENGINES["quotes"]])
    assert [link.fragments for link in claim.links] == [((15, 29),)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("the ships and the port of the town", "english"),
        ("die Schiffe und der Hafen für die Stadt", "german"),
        ("les bateaux et le port dans une ville", "french"),
        ("los barcos y el puerto de la ciudad", "spanish"),
    ],
)
def test_without_a_language_the_small_words_tell_it(text: str, language: str) -> None:
    from annotations.suggesters.quotes import languages

    assert table_for("", tokenise(text).texts) is getattr(languages, language).TABLE
