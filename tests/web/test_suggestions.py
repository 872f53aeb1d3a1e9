"""Pages of suggestions: what managers see of the engines, and what the desk loads."""

from __future__ import annotations

import pytest
from django.test import Client

from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, EngineSwitch, Label, SuggestionVerdict
from tests.factories import a_member, a_project, a_set, an_article

pytestmark = pytest.mark.django_db

TEXT = "“We lost nine days,” said Ingrid Solheim in Oslo."


def page(username: str, address: str) -> str:
    client = Client()
    client.force_login(a_member(AnnotationSet.objects.get().article.project, username))
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    project.suggestions = True
    project.save()
    return a_set(an_article(project, TEXT, "a3", title="Port"), a_member(project, "ben"))


def judged(work: AnnotationSet, verdict: str, fragment: tuple[int, int]) -> None:
    SuggestionVerdict.objects.create(
        annotation_set=work, suggestion=uuid7(), engine="gazetteer", version="1", verdict=verdict,
        label=Label.objects.get(project=work.article.project, key="location"), fragments=(fragment,),
        at=work.started_at,
    )  # fmt: skip


def test_the_desk_loads_what_is_suggested_and_says_where_places_come_from(work: AnnotationSet) -> None:
    shown = page("ben", f"/desk/{work.pk}/suggestions/")
    assert "<q>Oslo</q>" in shown
    assert "GeoNames" in shown
    work.refresh_from_db()
    assert work.suggestions_shown


def test_a_desk_without_suggestions_has_no_section_for_them(work: AnnotationSet) -> None:
    assert 'id="suggestions"' in page("ben", f"/desk/{work.pk}/")
    assert 'id="suggestions"' not in page("ada", f"/desk/{work.pk}/")
    work.article.project.suggestions = False
    work.article.project.save()
    assert 'id="suggestions"' not in page("ben", f"/desk/{work.pk}/")


def test_every_count_of_an_engine_leads_to_the_words_it_counts(work: AnnotationSet) -> None:
    judged(work, "accepted", (44, 48))
    judged(work, "rejected", (26, 32))
    judged(work, "withdrawn", (33, 40))
    shown = page("ada", "/projects/press/suggestions/")
    assert "50 %" in shown
    address = "/projects/press/suggestions/verdicts/?engine=gazetteer&amp;label=location&amp;verdict=accepted"
    assert f'<a href="{address}">1</a>' in shown
    accepted = page("ada", address.replace("&amp;", "&"))
    assert ('<q dir="auto">Oslo</q>' in accepted, "Ingrid" in accepted) == (True, False)
    every = page("ada", "/projects/press/suggestions/verdicts/")
    assert ("Oslo" in every, ">Ingrid<" in every, "Solheim" in every) == (True, True, False)


def test_a_manager_switches_an_engine_off_and_on(work: AnnotationSet) -> None:
    client = Client()
    client.force_login(a_member(work.article.project, "ada"))
    for wanted, word in (("no", "Switch on again"), ("yes", "Switch off")):
        sent = {"engine": "gazetteer", "label": "location", "is_on": wanted}
        response = client.post("/projects/press/suggestions/switch/", sent, follow=True)
        assert EngineSwitch.objects.get().is_on == (wanted == "yes")
        assert word in response.content.decode()


def test_before_the_first_verdict_the_page_says_what_to_do(work: AnnotationSet) -> None:
    assert "No verdict yet" in page("ada", "/projects/press/suggestions/")
