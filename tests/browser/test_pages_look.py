"""Every page but the desk and review: no barrier found by axe in light and dark, nothing cut off on a phone or zoomed in."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.urls import reverse
from playwright.sync_api import Page

from annotations.domain.identifiers import uuid7
from annotations.models import (
    AnnotationSet,
    Article,
    Decision,
    Disagreement,
    Label,
    Membership,
    Project,
    Reading,
    SuggestionVerdict,
    User,
)
from annotations.services import accounts, members
from annotations.services.appeals import appeal
from annotations.services.assignments import assign_articles
from annotations.services.bins import bin_project
from annotations.services.comments import answer_thread, begin_thread, mark_unsure
from annotations.services.decisions import accept_agreed, decide
from annotations.services.entities import create_entity, merge_entities
from annotations.services.imports import import_documents
from annotations.services.imports.uploads import upload_files
from annotations.services.releases import make_release
from annotations.services.suggestions import switch_engine
from tests.browser.conftest import PageOf
from tests.factories import a_project, a_set, a_span, a_webhook, an_article, the_cast
from tests.services.test_appeals import settled as article_is_settled
from tests.services.test_disagreements import submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDELINE = "# Claim\n\n- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
NEWS = (
    b'{"id": "n1", "title": "Crews accept", "text": "Ana Ruiz said so in Madrid.", "annotation_sets": [{"kind": "gold", '
    b'"spans": [{"id": "1", "label": "person", "fragments": [[0, 8]]}, {"id": "2", "label": "location", "fragments": '
    b'[[20, 26]]}], "relations": [{"label": "near", "source": "1", "target": "2"}]}]}\n{"id": "n2"}\n'
)


def _judge(work: AnnotationSet, manager: Membership) -> None:
    """Two engines that were judged, one of them switched off."""
    for number, (engine, verdict) in enumerate([("quotes", "accepted"), ("quotes", "edited"), ("model-7", "rejected")]):
        SuggestionVerdict.objects.create(
            annotation_set=work,
            suggestion=uuid7(),
            engine=engine,
            label=Label.objects.get(project=work.article.project, key="claim"),
            fragments=[(number, 20)],
            verdict=verdict,
            at=work.started_at,
        )
    switch_engine(member=manager, engine="model-7", label="claim", is_on=False)


VIEWPORTS = {
    "en": {"zoomed": (640, 400)},
    "de": {"phone": (390, 844), "desk": (1280, 800)},  # German words are the longer ones
}


def reviewed_article(project: Project, cast: dict[str, User]) -> Article:
    """An article with a decision, its rule, something that all agree on, and something open."""
    found = an_article(project, external_id="settled", title="Nine days", open_slots=0)
    submitted(found, cast["ben"], ("claim", "We lost nine days"), ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    submitted(found, cast["chi"], ("claim", "We lost nine days"), ("actor", "Solheim of"), ("actor", "Oslo"))
    accept_agreed(actor=cast["dora"], article_id=found.pk, how="unanimous")
    row = Disagreement.objects.get(article=found, kind="boundary")
    decide(actor=cast["dora"], disagreement_id=row.pk, versions=[1], reason="As printed.", rule="Names whole.")
    return found


@pytest.fixture
def places() -> dict[str, str]:
    """A project in the midst of work and an empty one, and an address for each page: address -> who opens it."""
    project: Project = a_project("press")
    cast = the_cast(project)
    User.objects.filter(username="ada").update(may_create_projects=True)
    article: Article = an_article(
        project, title="Port of Brevik reopens after nine days as crews accept", outlet="Courier"
    )
    for name in ("ben", "chi"):
        work = a_set(article, cast[name])
        a_span(work, "actor", (26, 40), note="who?")
        a_span(work, "claim", (0, 20), (77, 94), attributes={"stance": "opposes"})
    for number, text in enumerate((GUIDELINE, GUIDELINE.replace("two", "three")), start=1):
        project.guideline_versions.create(number=number, markdown=text, published_by=cast["ada"])
    Membership.objects.filter(project=project).update(guideline_seen=1)
    span = work.spans.order_by("start")[0].pk
    question = begin_thread(
        actor=cast["chi"], annotation_set_id=work.pk, kind="question", text="One claim or two?", span=span
    )
    answer_thread(actor=cast["dora"], thread_id=question.pk, text="One: nobody else spoke.")
    mark_unsure(actor=cast["chi"], annotation_set_id=work.pk, span=span, unsure=True)
    Reading.objects.create(annotation_set=work, paragraphs=[(0, 1)], total=1)
    given = an_article(project, external_id="given", title="Crane crews vote on the harbour’s offer")
    empty = Project.objects.create(slug="empty", name="Empty")
    Membership.objects.create(project=empty, user=cast["ada"], role="manager")
    Membership.objects.create(project=empty, user=cast["ben"], role="annotator")
    away = a_project("gone")
    bin_project(member=Membership.objects.create(project=away, user=cast["ada"], role="manager"))
    manager = Membership.objects.select_related("project", "user").get(project=project, user=cast["ada"])
    assign_articles(member=manager, username="chi", article_ids=[given.pk])
    _link, invitation = members.invite(member=manager, role="annotator")
    _link, reset = members.offer_password_reset(member=manager, username="chi")
    oslo = create_entity(
        member=manager, label="location", name="Oslo", aliases=["Kristiania"], latitude=59.91, longitude=10.75
    )
    kept = create_entity(member=manager, label="location", name="Christiania")
    merge_entities(member=manager, entity_id=kept.pk, into=oslo.pk)
    accounts.create_token(user=cast["ada"], name="notebook", scope="read")
    _judge(AnnotationSet.objects.filter(article=article)[0], manager)

    settled = reviewed_article(project, cast)
    done = an_article(project, external_id="done", title="Crews accept", open_slots=0)
    article_is_settled(cast, done)
    ben = Membership.objects.select_related("project", "user").get(project=project, user=cast["ben"])
    appeal(
        member=ben, decision_id=Decision.objects.get(article=done, reason="A place.").pk, text="The council is meant."
    )
    released = [
        make_release(
            actor=cast["ada"], project=project, name=name, notes=name, formats=["conll"], options={"sets": sets}
        )
        for name, sets in (("1.0", "gold"), ("2.0", "majority"))
    ]

    told = a_webhook(manager, "https://hooks.example/" + "newsapp/" * 20)
    for status, error in ((204, ""), (None, "hooks.example is not answering."), (500, "")):
        told.deliveries.create(
            event="article.done", payload={}, attempts=1, status=status, error=error,
            delivered_at=told.created_at if status == 204 else None,
        )  # fmt: skip

    prepared = upload_files(member=manager, files=[("news.jsonl", "", BytesIO(NEWS))])
    imported = import_documents(
        actor=cast["ada"], project=project, stream=BytesIO(NEWS), format="jsonl", name="a.jsonl"
    )

    def at(name: str, *args: object) -> str:
        return reverse(name, args=args)

    return {
        at("sign-in"): "",
        at("invitation", invitation): "",
        at("password-reset", reset): "",
        at("password-reset", "guess"): "",
        at("projects"): "ada",
        at("projects") + "?eve": "eve",
        at("project-new"): "ada",
        at("imports", "press"): "ada",
        at("import", "press", prepared.pk): "ada",
        at("import", "press", imported.id): "ada",
        at("exports", "press"): "ada",
        at("exports", "press") + "?count=1&format=conll&sets=annotators": "ada",
        at("exports", "press") + "?split=80/10/10&search=nine&include=empty": "ada",
        at("releases", "press"): "fay",
        at("releases", "empty"): "ada",
        at("release-new", "press"): "ada",
        at("release", "press", str(released[1].pk)): "ada",
        at("release-difference", "press", str(released[0].pk), str(released[1].pk)): "ada",
        at("statements", "press") + "?sets=annotators&attribute=stance:opposes": "ada",
        at("statements", "empty"): "ada",
        at("network", "press") + "?sets=annotators": "ada",
        at("network", "empty"): "ada",
        at("places", "press") + "?sets=annotators": "ada",
        at("places", "empty"): "ada",
        at("entities", "press"): "ada",
        at("entities", "empty"): "ada",
        at("entity-new", "press"): "ada",
        at("entity", "press", oslo.pk): "ada",
        at("entity", "press", oslo.pk) + "?reader": "ben",
        at("suggestions", "press"): "ada",
        at("suggestions", "empty"): "ada",
        at("suggestion-verdicts", "press"): "ada",
        at("api:docs"): "ada",
        at("account"): "ada",
        at("practice"): "ben",
        at("my-articles"): "ben",
        at("my-spans") + "?search=ingrid": "ben",
        at("my-articles") + "?eve": "eve",
        at("project", "press"): "ada",
        at("project", "press") + "?ben": "ben",
        at("project", "empty"): "ada",
        at("project-settings", "press"): "ada",
        at("project-bin", "press"): "ada",
        at("webhooks", "press"): "ada",
        at("webhook", "press", told.pk): "ada",
        at("articles", "press"): "ada",
        at("articles", "press") + "?search=nothing": "ada",
        at("articles", "empty"): "ben",
        at("article", article.pk): "ada",
        at("article-history", article.pk): "ada",
        at("labels", "press"): "ada",
        at("labels", "empty"): "ada",
        at("label-new", "press"): "ada",
        at("label", "press", "claim"): "ada",
        at("attribute-new", "press", "claim"): "ada",
        at("attribute", "press", "claim", "stance"): "ada",
        at("relation-label-new", "press"): "ada",
        at("relation-label", "press", "made_by"): "ada",
        at("review", "press"): "dora",
        at("review", "empty"): "ada",
        at("feedback", "press"): "ben",
        at("feedback", "empty"): "ben",
        at("article-feedback", done.pk): "ben",
        at("appeals", "press"): "dora",
        at("appeals", "empty"): "ada",
        at("accuracy", "press") + "?annotator=ben": "ada",
        at("accuracy", "empty"): "ada",
        at("clashes", "press"): "dora",
        at("clashes", "empty"): "ada",
        at("audit", "press"): "ada",
        at("audit", "empty"): "ada",
        at("bin", "press"): "ada",
        at("bin", "empty"): "ada",
        at("bin-new", "press"): "ada",
        at("queue", "press"): "ada",
        at("queue", "press") + "?show=returned": "ada",
        at("disagreements", "press"): "dora",
        at("disagreements", "empty"): "ada",
        at("decisions", "press") + "?before=9": "dora",
        at("agreement", "press"): "dora",
        at("agreement", "empty"): "ada",
        at("decisions", "empty"): "ada",
        at("precedents", "press"): "dora",
        at("precedents", "press") + "?ben": "ben",
        at("precedents", "empty"): "ada",
        at("gold", settled.pk): "dora",
        at("gold", settled.pk) + "?fay": "fay",
        at("gold", article.pk): "ada",
        at("guideline", "press"): "ada",
        at("guideline", "empty"): "ada",
        at("guideline-new", "press"): "ada",
        at("guideline-difference", "press", 2): "ada",
        at("guideline-difference", "press", 2) + "?chi": "chi",
        at("questions", "press"): "dora",
        at("questions", "press") + "?state=all": "chi",
        at("questions", "empty"): "ada",
        at("set-comments", work.pk): "chi",
        at("article-comments", article.pk): "dora",
        at("readings", "press"): "ada",
        at("readings", "empty"): "ada",
        at("article-readings", article.pk): "dora",
        at("assignments", "press"): "ada",
        at("assignments", "empty"): "ada",
        at("members", "press"): "ada",
        at("members", "press") + "?dora": "dora",
    }


def barriers(page: Page, *rules: str) -> list[tuple[str, str]]:
    """What axe finds, by all its rules or by these, with the page's first element of each kind."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    violations = Axe().run(page, options=options).response["violations"]
    return [(violation["id"], violation["nodes"][0]["html"]) for violation in violations]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    width: int = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def problems(page: Page, address: str) -> dict[str, Any]:
    """What is wrong with a page, by the look in which it is: the scheme decides on nothing but colours."""
    page.goto(address)
    found: dict[str, Any] = {"light": barriers(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = barriers(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    for language, sizes in VIEWPORTS.items():
        page.set_extra_http_headers({"Accept-Language": language})
        page.goto(address)
        for name, (width, height) in sizes.items():
            page.set_viewport_size({"width": width, "height": height})
            found[f"{name}, {language}"] = overflow(page)
    page.set_extra_http_headers({"Accept-Language": "en"})
    return {look: problem for look, problem in found.items() if problem}


def test_no_page_has_a_barrier_or_scrolls_sideways(
    page_of: PageOf, places: dict[str, str], expected_noise: list[str]
) -> None:
    expected_noise.append("status of 404")  # the link that is none
    pages: dict[str, Page] = {}  # one browser profile for each person
    found = {}
    for address, username in places.items():
        if username not in pages:
            pages[username] = page_of(username or None, color_scheme="light")
        found[address] = problems(pages[username], address)
    assert {address: looks for address, looks in found.items() if looks} == {}


def test_a_dialogue_of_the_account_menu_by_keyboard(page_of: PageOf, places: dict[str, str]) -> None:
    page = page_of("ada")
    page.goto(reverse("project", args=["press"]))
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    summary = page.locator(".bar details.menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="My account").wait_for()
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    assert not page.locator(".bar details.menu").get_attribute("open")


def test_a_theme_that_was_chosen_wins_over_the_system(page_of: PageOf, places: dict[str, str]) -> None:
    page = page_of("ada", color_scheme="light")
    page.goto(reverse("account"))
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save the look").click()
    page.get_by_text("The look is saved.").wait_for()
    assert (light, page.evaluate(ground)) == ("rgb(253, 252, 250)", "rgb(22, 24, 28)")
