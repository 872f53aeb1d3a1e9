"""Conditional requests: nothing is sent twice, nothing that changed meanwhile is overwritten."""

from __future__ import annotations

import pytest
from django.test import Client

from annotations.models import Label
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db
LABEL = "/api/v1/projects/press/labels/actor/"


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(the_cast(a_project("press"))["ada"])
    return client


def test_what_the_asker_has_is_not_sent_again_until_it_changes(ada: Client) -> None:
    first = ada.get(LABEL)
    tag = first["ETag"]
    again = ada.get(LABEL, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert "private" in first["Cache-Control"]
    assert {"Authorization", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}
    Label.objects.filter(key="actor").update(name="Agent")
    assert ada.get(LABEL, headers={"If-None-Match": tag}).status_code == 200


def test_a_list_has_a_tag_as_well_and_an_error_none(ada: Client) -> None:
    labels = ada.get("/api/v1/projects/press/labels/")
    again = ada.get("/api/v1/projects/press/labels/", headers={"If-None-Match": f'"other", {labels["ETag"]}'})
    assert again.status_code == 304
    assert not ada.get("/api/v1/projects/none/").has_header("ETag")


def test_a_change_of_what_was_read_goes_through_and_one_of_something_older_is_refused(ada: Client) -> None:
    tag = ada.get(LABEL)["ETag"]
    body = {"name": "Agent"}
    changed = ada.patch(LABEL, body, content_type="application/json", headers={"If-Match": tag})
    assert changed.status_code == 200
    late = ada.patch(LABEL, {"name": "Who"}, content_type="application/json", headers={"If-Match": tag})
    assert late.status_code == 412
    assert late.json()["current"]["name"] == "Agent"
    assert Label.objects.get(key="actor").name == "Agent"
    anyhow = ada.patch(LABEL, {"name": "Who"}, content_type="application/json", headers={"If-Match": "*"})
    assert anyhow.status_code == 200


def test_a_condition_tells_nobody_more_than_the_thing_itself(ada: Client) -> None:
    ben = Client()
    ben.login(username="ben", password="benben")
    refused = ben.patch(
        "/api/v1/projects/press/members/chi/", {"role": "reader"}, content_type="application/json",
        headers={"If-Match": '"guess"'},
    )  # fmt: skip
    assert refused.status_code == 403
    assert "current" not in refused.json()
