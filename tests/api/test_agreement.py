"""Agreement and jobs through the API, as the contract has them."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from annotations.domain.agreement_names import MEASURES
from annotations.models import Project, User
from annotations.services import agreement
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from tests.factories import a_member, a_project
from tests.services.test_agreement import _no_reports, two_of_three  # noqa: F401 - a fixture for all of this file

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    two_of_three(made)
    two_of_three(made, "a2")
    return made


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def asked(project: Project, query: str = "", **headers: str) -> Any:
    return client_of(a_member(project, "dora")).get(f"/api/v1/projects/press/agreement/{query}", headers=headers)


def test_every_number_says_what_it_is_of(project: Project) -> None:
    response = asked(project)
    assert (response.status_code, list(response.json())) == (200, ["measures"])
    rows = response.json()["measures"]
    assert rows[0] == {
        "measure": "f1_exact",
        "label": None,
        "annotators": None,
        "value": pytest.approx(2 / 3),
        "low": pytest.approx(2 / 3),
        "high": pytest.approx(2 / 3),
        "articles": 2,
        "spans": 12,
    }
    pairs = [row for row in rows if row["measure"] == "f1_exact" and row["annotators"] and row["label"] == "claim"]
    assert [(row["annotators"], row["value"], row["spans"]) for row in pairs] == [(["ben", "chi"], 0, 4)]
    found = [row["measure"] for row in rows]
    assert [name for name in MEASURES if name in found] == list(dict.fromkeys(found))
    assert {"f1_exact", "alpha_characters", "ku_alpha", "gamma", "statement_f1", "kappa_label"} <= set(found)


def test_a_label_alone_can_be_asked_for(project: Project) -> None:
    rows = asked(project, "?label=actor").json()["measures"]
    assert {row["label"] for row in rows} == {"actor"}
    rows = asked(project, "?label=actor&measure=f1_exact").json()["measures"]
    assert [row["value"] for row in rows] == [1, 1]
    assert asked(project, "?measure=luck").status_code == 400


def test_the_same_is_there_as_a_table(project: Project) -> None:
    for response in (asked(project, "?format=csv"), asked(project, Accept="text/csv")):
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(response.content.decode())))
        assert (rows[0]["measure"], rows[0]["annotators"], rows[0]["articles"]) == ("f1_exact", "", "2")
        assert "ben + chi" in {row["annotators"] for row in rows}


def test_work_with_suggestions_is_asked_for_apart(project: Project) -> None:
    rows = asked(project, "?suggestions=shown").json()["measures"]
    assert {(row["value"], row["articles"]) for row in rows} == {(None, 0)}


def test_a_large_project_answers_202_until_its_job_is_done(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "AT_ONCE", 0)
    first = asked(project)
    assert (first.status_code, first.json()["measures"], first["Retry-After"]) == (202, [], "5")
    do_next_job(handlers=HANDLERS)
    job = client_of(a_member(project, "ada")).get(f"/api/v1/projects/press/jobs/{first.json()['job']['id']}/").json()
    assert (job["state"], job["done"], job["total"], job["by"], job["report"]) == ("done", 4, 4, "dora", {})
    assert asked(project).status_code == 200


def test_gamma_is_asked_for_as_a_job(project: Project) -> None:
    client = client_of(a_member(project, "dora"))
    job = client.post("/api/v1/projects/press/jobs/", {"kind": "gamma"}, "application/json")
    assert (job.status_code, job.json()["state"]) == (202, "waiting")
    do_next_job(handlers=HANDLERS)
    (row,) = asked(project, "?measure=gamma").json()["measures"]
    assert (0 < row["value"] < 1, row["articles"], row["label"]) == (True, 2, None)
    (listed,) = client.get("/api/v1/projects/press/jobs/").json()["results"]
    assert listed["report"] == {"articles": 2, "of": 2}
    done = client.post(f"/api/v1/projects/press/jobs/{listed['id']}/cancel/")
    assert (done.status_code, done.json()["detail"]) == (409, "This job has ended already.")
    assert client.post("/api/v1/projects/press/jobs/", {"kind": "luck"}, "application/json").status_code == 400


def test_a_job_of_another_project_is_not_there(project: Project) -> None:
    other = a_project("radio")
    client = client_of(a_member(project, "dora"))
    job = client.post("/api/v1/projects/press/jobs/", {"kind": "gamma"}, "application/json").json()
    elsewhere = client_of(a_member(other, "ada"))
    assert elsewhere.get(f"/api/v1/projects/radio/jobs/{job['id']}/").status_code == 404
