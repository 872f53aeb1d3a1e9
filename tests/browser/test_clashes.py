"""Quotes that play two roles are gone through by keyboard: a digit settles the one in hand, the next takes its place."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import Precedent
from tests.browser.conftest import PageOf
from tests.factories import a_project, an_article, the_cast
from tests.services.test_disagreements import submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_quotes_are_settled_with_three_keys(page_of: PageOf) -> None:
    project = a_project("press")
    cast = the_cast(project)
    article = an_article(project, open_slots=0)
    submitted(article, cast["ben"], ("location", "Oslo"), ("actor", "Ingrid Solheim"))
    submitted(article, cast["chi"], ("actor", "Oslo"), ("claim", "Ingrid Solheim"))
    page = page_of("dora")
    page.goto(reverse("clashes", args=["press"]))
    page.keyboard.press("j")
    expect(page.locator(".clashes > li:focus q")).to_have_text("Ingrid Solheim")
    page.keyboard.press("1")
    expect(page.locator(".clashes > li:focus q")).to_have_text("Oslo")
    page.keyboard.press("0")
    expect(page.get_by_text("No quote plays two roles")).to_be_visible()
    assert [each.rule for each in Precedent.objects.all()] == ["“Ingrid Solheim” is labelled Actor."]
