"""Programs read and write precedents, ask where gold comes from, and have decisions looked at again."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from annotations.models import Article, Decision, Disagreement, Precedent, User
from annotations.services.decisions import decide
from tests import factories
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db
PRESS = "/api/v1/projects/press/"


@pytest.fixture
def article() -> Article:
    """Decided with a rule, under no guideline yet."""
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project, open_slots=0)
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], ("actor", "Solheim of"))
    decide(actor=people["dora"], disagreement_id=Disagreement.objects.get().pk, versions=[1], reason="R", rule="Whole.")
    return article


def client(name: str) -> APIClient:
    found = APIClient()
    found.force_authenticate(User.objects.get(username=name))
    return found


def results(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_a_precedent_is_told_in_full_to_reviewers_and_without_names_to_others(article: Article) -> None:
    precedent = Precedent.objects.get()
    shown = {
        "id": str(precedent.pk),
        "rule": "Whole.",
        "label": "actor",
        "quote": "Ingrid Solheim of",
        "context": article.text,
        "guideline": None,
        "withdrawn": False,
        "at": precedent.at.isoformat(),
    }
    assert results(client("ben").get(f"{PRESS}precedents/")) == [shown]
    assert results(client("dora").get(f"{PRESS}precedents/?state=draft")) == [
        {**shown, "by": "dora", "decision": str(precedent.decision_id)}
    ]
    assert results(client("dora").get(f"{PRESS}precedents/?state=withdrawn")) == []


def test_precedents_are_written_and_changed(article: Article) -> None:
    made = client("dora").post(f"{PRESS}precedents/", {"rule": "Towns.", "label": "location"}, format="json")
    assert (made.status_code, made.json()["label"]) == (201, "location")
    one = f"{PRESS}precedents/{made.json()['id']}/"
    assert client("dora").patch(one, {"withdrawn": True}, format="json").json()["withdrawn"] is True
    assert client("ben").get(one).status_code == 404
    assert client("dora").patch(one, {"label": "mood"}, format="json").status_code == 400
    assert client("dora").post(f"{PRESS}precedents/", {"rule": " "}, format="json").status_code == 400


def test_where_gold_comes_from(article: Article) -> None:
    decision = Decision.objects.get()
    [source] = decision.sources
    told = client("dora").get(f"/api/v1/articles/{article.pk}/gold/?names=true").json()
    assert told["state"] == "open"
    assert told["objects"] == [
        {
            "id": decision.gold[0],
            "kind": "span",
            "label": "actor",
            "quote": "Ingrid Solheim",
            "decisions": [
                {
                    "id": str(decision.pk),
                    "kind": "disagreement",
                    "by": "dora",
                    "at": decision.at.isoformat(),
                    "reason": "R",
                    "rule": "Whole.",
                    "guideline": None,
                    "sources": [
                        {"id": source, "annotator": "ben", "label": "actor", "quote": "Ingrid Solheim", "since": ""}
                    ],
                }
            ],
        }
    ]
    [step] = client("fay").get(f"/api/v1/articles/{article.pk}/gold/?names=true").json()["objects"][0]["decisions"]
    assert (step["by"], step["sources"][0]["annotator"]) == ("reviewer 1", "annotator 1")


def test_decisions_before_a_version_are_looked_at_again_and_that_is_taken_back(article: Article) -> None:
    answer = client("dora").post(f"{PRESS}decisions/requeue/", {"before": 1}, format="json")
    assert {**answer.json(), "batch": ""} == {"batch": "", "decisions": 1, "reopened": 0}
    assert Disagreement.objects.get().state == "stale"
    step = f"{PRESS}decisions/requeue/{answer.json()['batch']}/"
    assert client("dora").delete(step).status_code == 204
    assert Disagreement.objects.get().state == "decided"
    assert client("dora").delete(step).status_code == 404
    assert client("dora").post(f"{PRESS}decisions/requeue/", {}, format="json").status_code == 400


def test_disagreements_are_counted_and_narrowed(article: Article) -> None:
    dora = client("dora")
    assert dora.get(f"{PRESS}disagreements/counts/").json() == [{"kind": "boundary", "count": 1}]
    assert dora.get(f"{PRESS}disagreements/counts/?state=open").json() == []
    assert len(results(dora.get(f"{PRESS}disagreements/?annotator=ben&quote=solheim&state=decided"))) == 1
    assert results(dora.get(f"{PRESS}disagreements/?annotator=fay")) == []
