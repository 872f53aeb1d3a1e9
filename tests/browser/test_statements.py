"""Statements: who says it is offered first, numbers stand in the text, quotations go on, mentions are found."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Label, Relation, RelationLabel
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The claim in ⟦…⟧, the actors in {…}, the one who speaks in {!…}.
SPOKEN = [
    "{Ada Berg} listened. “⟦We lost nine days⟧,” said {!Ingrid Solheim} of the {Dockers’ Union}.",
    "{Ada Berg} met the press. {!Solheim} said: “⟦Nobody won this.⟧”",
    "“⟦The port is ours⟧,” {!Karen Holm}, who leads the {Crane Union}, told {Reuters} in Oslo.",
    "According to {!the ministry}, ⟦the plan will cost {the town} nothing⟧.",
    "{!The minister} said ⟦{the union} would never agree⟧.",
    "“⟦Why should we?⟧” {!Halcrow} asked. {Berg} did not answer.",
    "„⟦Wir gehen nicht⟧“, sagte {!Annika Weber}, während {Klaus Roth} schwieg.",
    "»⟦Das reicht nicht⟧«, kritisierte {!der Verband} den Plan {des Ministers}.",
    "« ⟦Personne ne nagera⟧ », a déclaré {!Jean Morel} à {la mairie}.",
    "Selon {!le syndicat}, ⟦la grève de {la commune} continue⟧.",
    "—⟦No volveremos⟧ —dijo {!Ana Ruiz} mientras {Pedro Gil} miraba—. Mañana será tarde.",
    "⟦{!The board} claimed that nobody had asked {the crew}.⟧",
    "قالت {!ليلى حداد} إن «⟦الميناء مغلق⟧» بينما غادر {سامي}.",
]


def write(work: AnnotationSet, paragraphs: list[str]) -> tuple[AnnotationSet, list[str]]:
    """Make the article's spans by its marks; the claims' speakers in their order."""
    at, text, speakers = 0, "", []
    spans: list[tuple[str, int, int]] = []
    for token in re.split(r"([⟦⟧{}]|(?<=\{)!)", "\n\n".join(paragraphs)):
        if token == "⟦":
            claim = len(text)
        elif token == "⟧":
            spans.append(("claim", claim, len(text)))
        elif token == "{":
            at = len(text)
        elif token == "!":
            speakers.append(at)
        elif token == "}":
            spans.append(("actor", at, len(text)))
        else:
            text += token
    article = an_article(work.article.project, text, "spoken", title="Spoken", language="en")
    assert work.annotator is not None
    work = a_set(article, work.annotator)
    for label, start, end in spans:
        a_span(work, label, (start, end))
    return work, [
        next(text[start:end] for _label, start, end in spans if start == at and _label == "actor") for at in speakers
    ]


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, "Empty."), a_member(project, "ben"))


def test_who_says_it_is_the_first_choice_in_every_style(page_of: PageOf, work: AnnotationSet) -> None:
    work, speakers = write(work, SPOKEN)
    desk = Desk(page_of("ben"), work)
    claims = desk.page.locator("#spans > li[data-label=claim] > a")
    expect(claims).to_have_count(len(SPOKEN))
    first = []
    for claim in claims.all():
        claim.click()
        desk.press("m")
        expect(desk.page.locator("#live")).to_contain_text("made by: 1 ")
        first.append(desk.said().removeprefix("made by: 1 ").split(", 2 ")[0])
        desk.press("Escape")
    assert first == speakers


def test_numbers_stand_in_the_text_and_a_press_on_them_or_on_the_span_links(
    page_of: PageOf, work: AnnotationSet
) -> None:
    work, _speakers = write(work, ["“⟦We lost⟧,” said {!Solheim}. {Berg} left with {Moe}."])
    desk = Desk(page_of("ben"), work)
    numbers = desk.page.locator("#marks .number")
    desk.click("We lost")
    desk.press("m")
    expect(numbers).to_have_text(["1", "2", "3"])
    desk.page.wait_for_timeout(50)
    left, top, _right, _bottom = desk.box("Berg")
    box = numbers.nth(1).bounding_box()
    assert box is not None
    assert abs(box["x"] + box["width"] / 2 - left) < 3
    assert top - 30 < box["y"] + box["height"] / 2 < top
    numbers.nth(1).click()
    expect(numbers).to_have_count(0)
    expect(desk.page.locator("#spans > li").first).to_contain_text("made by Berg")
    expect(desk.page.locator("#marks path")).to_have_count(1)
    assert desk.painted("linked") == ["Berg"]
    desk.press("m")
    desk.click("Moe")
    expect(desk.page.locator("#spans > li").first).to_contain_text("made by Moe")
    desk.click("We lost")
    expect(desk.page.locator("#marks path")).to_have_count(2)
    expect(desk.page.locator("#live")).to_have_text("Claim: We lost, made by: Berg, made by: Moe")
    assert sorted(Relation.objects.values_list("target__start", flat=True)) == [
        work.article.text.index("Berg"), work.article.text.index("Moe"),
    ]  # fmt: skip


def test_more_than_nine_choices_come_in_pages(page_of: PageOf, work: AnnotationSet) -> None:
    names = [f"{{Actor{chr(65 + n)}}}" for n in range(12)]
    work, _speakers = write(work, [f"⟦Nothing⟧ {' '.join(names)}."])
    desk = Desk(page_of("ben"), work)
    desk.click("Nothing")
    desk.press("m")
    assert desk.said().endswith("9 ActorI")
    desk.press("0")
    assert desk.said() == "1 ActorJ, 2 ActorK, 3 ActorL"
    expect(desk.page.locator("#marks .number")).to_have_text(["1", "2", "3"])
    desk.page.get_by_role("button", name="10 to 12 of 12; more").click()
    desk.press("0")
    desk.press("2")
    expect(desk.page.locator("#spans > li").first).to_contain_text("made by ActorK")


def test_links_without_a_letter_and_from_the_other_end(page_of: PageOf, work: AnnotationSet) -> None:
    project = work.article.project
    actor = Label.objects.get(project=project, key="actor")
    RelationLabel.objects.create(
        project=project, key="leads", name="leads", source_label=actor, target_label=actor, position=2
    )
    work, _speakers = write(work, ["“⟦We lost⟧,” said {!Solheim}, who leads {the union}."])
    desk = Desk(page_of("ben"), work)
    desk.click("Solheim")
    desk.press("m")  # a claim is its other end
    assert desk.said() == "← made by: 1 We lost"
    desk.press("m")
    assert desk.said() == "leads: 1 the union"
    desk.press("1")
    expect(desk.page.locator("#spans > li").nth(1)).to_contain_text("leads the union")
    panel = desk.page.get_by_role("region", name="Current span")
    panel.get_by_role("button", name="Add: ← made by").click()
    panel.get_by_role("button", name="1 We lost").click()
    expect(desk.page.locator("#spans > li").first).to_contain_text("made by Solheim")
    ends = Relation.objects.values_list("label__key", "source__label__key", "target__label__key")
    assert set(ends) == {("leads", "actor", "actor"), ("made_by", "claim", "actor")}


INTERRUPTED = [
    ("“⟦We lost nine days,⟧” said Solheim, “and no one won.”", "and no one won."),
    ("⟦“We lost,”⟧ said Solheim of the union. “Nobody goes up alone.” Berg left.", "“Nobody goes up alone.”"),
    ("„⟦Wir gehen⟧“, sagte Weber, „und zwar morgen.“", "und zwar morgen."),
    ("»⟦Das reicht⟧«, sagte er, »noch lange nicht.«", "noch lange nicht."),
    ("« ⟦Nous partons⟧ », a dit Morel, « et vite. »", "et vite."),
    ("«⟦Nos vamos⟧», dijo Ruiz, «y pronto.»", "y pronto."),
    ("”⟦Vi går⟧”, sade Berg, ”i morgon.”", "i morgon."),
    ("‘⟦It’s over⟧,’ she said, ‘isn’t it?’", "isn’t it?"),
    ('"⟦It is over,⟧" she said, "at last."', "at last."),
    ("「⟦行く⟧」と彼は言った、「明日だ」", "明日だ"),
    ("—⟦No volveremos⟧ —dijo Ana—. Mañana será tarde.", "Mañana será tarde."),
    ("“⟦We go on.⟧\n\n“Until it ends.”", "Until it ends."),
]
WHOLE = [
    "“⟦We lost⟧,” said Solheim. The talks went on. Berg said: “Nobody won.”",
    "“⟦We⟧ lost,” said Solheim, “and won.”",
    "⟦“We lost,” said Solheim⟧, “and won.”",
    "⟦The talks⟧ went on.",
]


def test_a_quotation_goes_on_behind_its_interruption_in_every_style(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    article, annotator = work.article, work.annotator
    assert annotator is not None
    offered = []
    for number, (marked, _next) in enumerate(INTERRUPTED):
        text = marked.replace("⟦", "").replace("⟧", "")
        work = a_set(an_article(article.project, text, f"i{number}", title="Q"), annotator)
        a_span(work, "claim", (marked.index("⟦"), marked.index("⟧") - 1))
        desk = Desk(page, work)
        desk.press("n")
        desk.press("q")
        desk.expect_saved(1)
        expect(page.locator("#spans small"), marked).to_contain_text("2 parts")
        offered.append(stored(work)[0][1][1])
    assert offered == [following for _marked, following in INTERRUPTED]
    desk.press("Control+z")
    expect(page.locator("#spans small")).not_to_contain_text("parts")


def test_where_no_quotation_goes_on_nothing_is_offered(page_of: PageOf, work: AnnotationSet) -> None:
    work, _speakers = write(work, WHOLE)
    desk = Desk(page_of("ben"), work)
    for claim in desk.page.locator("#spans > li[data-label=claim] > a").all():
        claim.click()
        desk.press("q")
        expect(desk.page.locator("#live")).to_have_text("Behind this no quotation goes on.")


def test_the_panel_offers_to_go_on_and_takes_a_part_away(page_of: PageOf, work: AnnotationSet) -> None:
    work, _speakers = write(work, ["“⟦We lost nine days,⟧” said Solheim, “and no one won.”"])
    desk = Desk(page_of("ben"), work)
    desk.click("nine")
    panel = desk.page.get_by_role("region", name="Current span")
    panel.get_by_role("button", name="goes on: and no one won. q").click()
    desk.expect_items("Claim: We lost nine days, … and no one won.")
    panel.get_by_role("button", name="Take away the part: We lost nine days,").click()
    desk.expect_items("Claim: and no one won.")
    desk.expect_saved(1)


MENTIONS = [
    ("Merkel", "⟦Merkel⟧ left. Merkel’s car, MERKEL, “Merkel”, Merkels, Merkel-Raute, (Merkel).", 3),
    ("US", "The ⟦US⟧ told us. US-led. The US.", 1),
    ("The union", "⟦The union⟧ met; the union left, unions did not, the\u00a0union did.", 2),
    ("José", "⟦José⟧ ran. José ran, Jose not, Jose\u0301 did, José\u0301 not.", 2),
    ("O’Neil", "⟦O’Neil⟧ and O'Neil and O’Neill.", 1),
    ("שלום", "⟦שלום⟧ עולם. שלום, ושלום. שלום־עולם.", 1),
    ("ليلى", "⟦ليلى⟧ قالت. ليلى، وليلى. ليلى", 2),
    ("กรุงเทพ", "⟦กรุงเทพ⟧ สวย กรุงเทพ", 1),
    ("👩‍🚀 Ng", "⟦👩‍🚀 Ng⟧ flew 👩‍🚀 Ng.", 1),
]


def test_mentions_are_whole_words_however_they_are_written(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    project, annotator = work.article.project, work.annotator
    assert annotator is not None
    found = []
    for number, (_words, marked, _more) in enumerate(MENTIONS):
        text = marked.replace("⟦", "").replace("⟧", "")
        work = a_set(an_article(project, text, f"m{number}", title="M"), annotator)
        a_span(work, "actor", (marked.index("⟦"), marked.index("⟧") - 1))
        desk = Desk(page, work)
        desk.press("n")
        desk.press("r")
        expect(page.locator("#live")).to_contain_text("more labelled")
        found.append(page.locator("#spans > li").count() - 1)
        desk.press("Control+z")
        expect(page.locator("#spans > li:not([hidden])")).to_have_count(1)
    assert found == [more for _words, _marked, more in MENTIONS]


def test_mentions_within_spans_of_the_label_are_left(page_of: PageOf, work: AnnotationSet) -> None:
    work, _speakers = write(work, ["{Brevik} and {the Brevik union} and Brevik."])
    desk = Desk(page_of("ben"), work)
    desk.click("Brevik")
    expect(desk.page.get_by_role("button", name="1 more of this here")).to_be_visible()
