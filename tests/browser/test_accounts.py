"""From an invitation to the first article, and the small things that need a browser."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Project, User
from annotations.services import accounts
from tests.browser.conftest import PageOf
from tests.factories import a_project, an_article, the_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GOOD = "a harbour at night"


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def test_a_new_annotator_comes_by_link_and_claims_the_first_article(page_of: PageOf, project: Project) -> None:
    an_article(project, title="Port of Brevik reopens")
    ada = page_of("ada")
    ada.goto(reverse("members", args=["press"]))
    ada.get_by_role("button", name="Make an invitation link").click()
    link = ada.get_by_label("Link", exact=True).input_value()
    gus = page_of(None)
    gus.goto(link)
    gus.get_by_label("Username").fill("gus")
    gus.get_by_label("Password").fill("short")
    gus.keyboard.press("Enter")
    expect(gus.get_by_text("This password is too short")).to_be_visible()
    expect(gus.get_by_label("Username")).to_have_value("gus")
    gus.get_by_label("Password").fill(GOOD)
    gus.keyboard.press("Enter")
    expect(gus.get_by_role("heading", name="Press", level=1)).to_be_visible()
    gus.get_by_role("button", name="Label the next article").click()
    expect(gus.get_by_role("heading", name="Port of Brevik reopens")).to_be_visible()
    claim = AnnotationSet.objects.get()
    assert claim.annotator is not None
    assert claim.annotator.username == "gus"


def test_a_project_is_made_in_the_browser_down_to_a_label_and_a_guideline(page_of: PageOf) -> None:
    accounts.create_user(username="ada", password=GOOD, may_create_projects=True)
    page = page_of("ada")
    page.goto("/")
    page.get_by_role("link", name="New project").click()
    page.get_by_label("Name").fill("Harbour strike")
    page.get_by_role("button", name="Make the project").click()
    page.get_by_role("link", name="Labels", exact=True).click()
    page.get_by_role("link", name="New label").click()
    page.get_by_label("Name").fill("Event")
    page.get_by_label("violet").check(force=True)
    page.get_by_label("Wavy").check()
    page.get_by_label("Key optional").last.select_option("v")
    page.get_by_role("button", name="Save the label").click()
    expect(page.get_by_role("row", name="Event")).to_contain_text("event")
    page.get_by_role("link", name="Guideline", exact=True).click()
    page.get_by_role("link", name="Write the guideline").click()
    page.get_by_label("Text, in Markdown").fill("# Event\n\nWhat *happened*.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview em")).to_have_text("happened")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 1 is published.")).to_be_visible()
    label = Project.objects.get(slug="harbour-strike").labels.get(key="event")
    assert (label.colour, label.line_style, label.shortcut) == (4, "wavy", "v")


def test_the_list_of_articles_follows_what_is_typed_and_the_address_keeps_it(
    page_of: PageOf, project: Project, expected_noise: list[str]
) -> None:
    expected_noise.append(r"htmx:(sendAbort|afterRequest)")  # a search that the next one overtakes is broken off
    an_article(project, "The ferry is late.", "a", title="Ferry", language="en")
    an_article(project, "The union is on strike.", "b", title="Strike", language="en")
    page = page_of("dora")
    page.goto(reverse("articles", args=["press"]))
    page.get_by_label("Search").press_sequentially("ferries")
    expect(page.get_by_role("link", name="Strike")).to_have_count(0)
    expect(page.get_by_role("link", name="Ferry")).to_be_visible()
    expect(page).to_have_url(re.compile("search=ferries"))
    expect(page.get_by_label("Search")).to_be_focused()
    page.get_by_role("link", name="Ferry").click()
    expect(page.get_by_role("heading", name="Ferry")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Search")).to_have_value("ferries")
    expect(page.get_by_role("link", name="Strike")).to_have_count(0)


def test_the_filters_work_without_javascript(page_of: PageOf, project: Project) -> None:
    an_article(project, "The ferry is late.", "a", title="Ferry", language="en")
    an_article(project, "The union is on strike.", "b", title="Strike", language="en")
    page = page_of("dora", java_script_enabled=False)
    page.goto(reverse("articles", args=["press"]))
    page.get_by_label("Search").fill("ferries")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Ferry")).to_be_visible()
    expect(page.get_by_role("link", name="Strike")).to_have_count(0)


def test_what_htmx_is_refused_is_said_where_messages_stand(
    page_of: PageOf, project: Project, expected_noise: list[str]
) -> None:
    expected_noise += ["status of 403", "ERR_INTERNET_DISCONNECTED", r"htmx-2\.min\.js"]
    page = page_of("ada")
    page.goto(reverse("guideline-new", args=["press"]))
    page.get_by_label("Text, in Markdown").fill("# Claim")
    project.memberships.filter(user=User.objects.get(username="ada")).update(role="reader")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#messages")).to_contain_text("Only a manager of the project may do this.")
    expect(page.get_by_label("Text, in Markdown")).to_have_value("# Claim")
    page.context.set_offline(True)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#messages")).to_contain_text("The server did not answer.")


def test_a_token_is_copied_with_one_press(page_of: PageOf, project: Project) -> None:
    page = page_of("ben", permissions=["clipboard-read", "clipboard-write"])
    page.goto(reverse("account"))
    page.get_by_label("Name").fill("notebook")
    page.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("Token", exact=True).input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == secret
