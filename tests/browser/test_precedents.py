"""A rule that a reviewer wrote at a decision is beside similar words on the desk, and not before it may be."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import Article, Disagreement, User
from annotations.services.annotation_sets import move_set
from annotations.services.decisions import decide
from tests import factories
from tests.browser.conftest import PageOf
from tests.services.test_disagreements import at, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk() -> str:
    """Ben works on an article that names Ingrid Solheim; on another one Dora decided about her, with a rule."""
    project = factories.a_project(annotators_per_article=2)
    people = factories.the_cast(project)
    decided = factories.an_article(project, external_id="decided", open_slots=0)
    submitted(decided, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(decided, people["chi"], ("actor", "Solheim of"))
    row = Disagreement.objects.get()
    decide(actor=people["dora"], disagreement_id=row.pk, versions=[1], rule="Names without what follows “of”.")
    work = factories.a_set(factories.an_article(project, external_id="open"), people["ben"])
    factories.a_span(work, "location", at("Oslo"))
    factories.a_span(work, "actor", (26, 40))
    return f"/desk/{work.pk}/"


def test_the_rule_is_beside_the_span_it_speaks_to(page_of: PageOf, desk: str) -> None:
    page = page_of("ben")
    page.goto(desk)
    page.locator("html[data-desk=ready]").wait_for()
    page.locator("#spans > li", has_text="Ingrid Solheim").click()
    expect(page.locator("#precedents li")).to_contain_text("Names without what follows “of”.")
    expect(page.locator("#precedents")).not_to_contain_text("dora")

    page.locator("#spans > li", has_text="Oslo").click()
    expect(page.locator("#precedents li")).to_have_count(0)


def test_a_rule_of_an_article_that_is_open_again_is_not_shown(page_of: PageOf, desk: str) -> None:
    returned = Article.objects.get(external_id="decided").annotation_sets.get(annotator__username="ben")
    dora = User.objects.get(username="dora")
    move_set(actor=dora, annotation_set_id=returned.pk, action="return", reason="Look again.")
    page = page_of("ben")
    page.goto(desk)
    page.locator("html[data-desk=ready]").wait_for()
    with page.expect_response("**/precedents/**") as asked:
        page.locator("#spans > li", has_text="Ingrid Solheim").click()
    assert "Names without" not in asked.value.text()
    expect(page.locator("#precedents li")).to_have_count(0)
