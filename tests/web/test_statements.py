"""The table of statements and the pages of entities, as a reviewer and a blind annotator find them."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from annotations.models import Project, User
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from tests.factories import a_project, a_set, a_span, an_article, put_relation, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Ben has submitted a claim by one whose name looks like a formula."""
    project = a_project("press")
    cast = the_cast(project)
    work = a_set(an_article(project, title="Nine days", outlet="The Harbour"), cast["ben"])
    claim = a_span(work, "claim", (0, 20), entity="the strike", attributes={"stance": "opposes", "form": "direct"})
    who = a_span(work, "actor", (26, 40), entity="=Solheim")
    link = put_relation("made_by", claim.pk, who.pk)
    apply_changes(actor=cast["ben"], annotation_set_id=work.pk, changes=[link])
    move_set(actor=cast["ben"], annotation_set_id=work.pk, action="submit")
    return project


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def rows(client: Client, query: str) -> list[list[str]]:
    response = client.get(f"/projects/press/statements/download/?{query}")
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode())))  # type: ignore[attr-defined]


def test_the_file_holds_what_the_page_shows_and_no_formula(project: Project) -> None:
    page = signed_in("dora").get("/projects/press/statements/?sets=annotators").content.decode()
    assert "“We lost nine days,”" in page
    header, row = rows(signed_in("dora"), "sets=annotators")
    found = dict(zip(header, row, strict=True))
    found.pop("claim_id")
    assert found == {
        "who": "'=Solheim", "what": "“We lost nine days,”", "concept": "the strike", "where": "",
        "attributes": "form: direct; stance: opposes", "when": "", "outlet": "The Harbour", "title": "Nine days",
        "url": "", "article": "a1", "annotator": "ben", "fragments": "0-20",
    }  # fmt: skip


def test_filters_narrow_the_file_too(project: Project) -> None:
    assert len(rows(signed_in("dora"), "sets=annotators&attribute=stance:supports")) == 1
    assert len(rows(signed_in("dora"), "sets=annotators&attribute=stance:opposes")) == 2


def test_a_blind_annotator_finds_no_statement_and_no_entity_of_another(project: Project) -> None:
    chi = signed_in("chi")
    for address in ("statements/?sets=annotators", "entities/"):
        page = chi.get(f"/projects/press/{address}").content.decode()
        assert "Solheim" not in page
    entity = project.entities.get(name="=Solheim")
    assert chi.get(f"/projects/press/entities/{entity.pk}/").status_code == 404
    assert len(rows(chi, "sets=annotators")) == 1


def test_merging_by_a_name_that_is_none_is_refused_with_a_sentence(project: Project) -> None:
    entity = project.entities.get(name="=Solheim")
    response = signed_in("dora").post(f"/projects/press/entities/{entity.pk}/merge/", {"into": "Nobody"})
    assert response.status_code == 400
    assert "There is no entity “Nobody” with this label." in response.content.decode()
