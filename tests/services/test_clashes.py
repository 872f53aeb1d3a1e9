"""Words that are labelled one way here and another way there are found, and settled with one key."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from annotations.domain.errors import InvalidData, NotAllowed, NotFound
from annotations.models import Membership, Precedent, Project, RoleClash, User
from annotations.selectors.clashes import clashes_of
from annotations.services.clashes import judge_clash, reopen_clash
from tests import factories
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


@pytest.fixture
def project() -> Project:
    """“Oslo” twice a location and once an actor; “Ingrid Solheim” always an actor."""
    project = factories.a_project()
    people: dict[str, User] = factories.the_cast(project)
    first, second = (factories.an_article(project, external_id=name, title=name) for name in ("first", "second"))
    submitted(first, people["ben"], ("location", "Oslo"), ("actor", "Ingrid Solheim"))
    submitted(first, people["chi"], ("location", "Oslo"), ("actor", "Ingrid Solheim"))
    submitted(second, people["ben"], ("actor", "Oslo"), ("actor", "Ingrid Solheim"))
    return project


def told() -> list[tuple[str, list[tuple[str, int, list[str]]]]]:
    return [
        (clash.quote, [(use.label.key, use.count, [place.title for place in use.places]) for use in clash.uses])
        for clash in clashes_of(member("dora"))
        if clash.judged is None
    ]


def test_a_quote_with_two_labels_is_told_with_counts_and_places(project: Project) -> None:
    assert told() == [("Oslo", [("location", 2, ["first"]), ("actor", 1, ["second"])])]
    with pytest.raises(NotAllowed):
        clashes_of(member("ben"))


def test_a_label_makes_a_rule_which_goes_when_the_judgement_does(project: Project) -> None:
    judge_clash(member=member("dora"), quote="Oslo", label="location")
    rule = Precedent.objects.get()
    assert (rule.rule, rule.quote, rule.label and rule.label.key) == (
        "“Oslo” is labelled Location.",
        "Oslo",
        "location",
    )
    assert told() == []
    reopen_clash(member=member("dora"), quote="oslo")
    rule.refresh_from_db()
    assert rule.withdrawn_at is not None
    assert len(told()) == 1
    with pytest.raises(NotFound):
        reopen_clash(member=member("dora"), quote="oslo")


def test_fine_as_it_is_makes_no_rule_and_ends_with_a_third_label(project: Project) -> None:
    judge_clash(member=member("dora"), quote="oslo")
    assert (told(), Precedent.objects.count()) == ([], 0)
    third = factories.an_article(project, external_id="third", title="third")
    submitted(third, User.objects.get(username="chi"), ("claim", "Oslo"))
    assert [label for label, _count, _places in told()[0][1]] == ["location", "actor", "claim"]


def test_what_carries_one_label_or_another_one_cannot_be_judged(project: Project) -> None:
    with pytest.raises(NotFound):
        judge_clash(member=member("dora"), quote="Ingrid Solheim")
    with pytest.raises(InvalidData):
        judge_clash(member=member("dora"), quote="Oslo", label="claim")


def test_the_page_and_the_api_settle_one(project: Project) -> None:
    client = Client()
    client.force_login(User.objects.get(username="dora"))
    address = reverse("clashes", args=["press"])
    page = client.get(address).content.decode()
    assert "Oslo" in page
    part = client.post(address, {"quote": "oslo", "label": "actor"}, headers={"HX-Request": "true"}).content.decode()
    assert "No quote plays two roles" in part
    assert RoleClash.objects.get().labels == ["location", "actor"]
    sent = json.dumps({"key": "oslo", "reopen": True})
    assert client.post("/api/v1/projects/press/clashes/", sent, "application/json").json()["judged"] is False
    assert client.get("/api/v1/projects/press/clashes/").json()["results"][0]["labels"][0] == {
        "label": "location",
        "count": 2,
        "articles": [str(project.articles.get(external_id="first").pk)],
    }
