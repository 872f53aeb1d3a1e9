"""Projects, members, invitations, guidelines and one's account, for programs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from annotations.domain.preferences import filled
from annotations.models import Membership, Project, User
from annotations.services import accounts
from tests.factories import a_member, a_project, a_user, the_cast

pytestmark = pytest.mark.django_db


class Program:
    """Somebody's program: asks with a token of that scope."""

    def __init__(self, username: str, scope: str = "manage") -> None:
        _token, secret = accounts.create_token(user=User.objects.get(username=username), name="test", scope=scope)
        self.client = Client(headers={"Authorization": f"Token {secret}"})

    def ask(self, method: str, path: str, data: Any = None) -> Any:
        """The answer to `method` on a path below the API's root."""
        return self.client.generic(
            method, f"/api/v1/{path}", "" if data is None else _json(data), content_type="application/json"
        )


def _json(data: Any) -> str:
    return json.dumps(data)


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def test_one_s_projects_with_one_s_role(project: Project) -> None:
    a_member(a_project("other"), "gus")
    answer = Program("ben", "read").ask("GET", "projects/")
    assert answer.status_code == 200
    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "slug": "press",
                "name": "Press",
                "description": "",
                "annotators_per_article": 2,
                "blind": True,
                "suggestions": False,
                "reading_evidence": False,
                "archived": False,
                "created_at": project.created_at.isoformat().replace("+00:00", "Z"),
                "role": "annotator",
                "rules": None,
            }
        ],
    }


def test_a_project_is_made_by_who_may(project: Project) -> None:
    refused = Program("ben").ask("POST", "projects/", {"name": "Mine"})
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    User.objects.filter(username="ada").update(may_create_projects=True)
    made = Program("ada").ask("POST", "projects/", {"name": "Harbour strike", "blind": False})
    assert made.status_code == 201
    assert {key: made.json()[key] for key in ("slug", "blind", "annotators_per_article", "role")} == {
        "slug": "harbour-strike", "blind": False, "annotators_per_article": 2, "role": "manager",
    }  # fmt: skip
    again = Program("ada").ask("POST", "projects/", {"name": "Other", "slug": "harbour-strike"})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (400, "slug")


def test_rules_are_changed_by_a_manager(project: Project) -> None:
    changed = Program("ada").ask("PATCH", "projects/press/", {"annotators_per_article": 3, "archived": True})
    assert (changed.json()["annotators_per_article"], changed.json()["archived"]) == (3, True)
    assert Program("dora").ask("PATCH", "projects/press/", {"blind": False}).status_code == 403
    assert Program("ada").ask("PATCH", "projects/press/", {"annotators_per_article": 0}).status_code == 400


def test_members_are_listed_added_changed_and_removed(project: Project) -> None:
    ada = Program("ada")
    names = [(row["username"], row["role"]) for row in ada.ask("GET", "projects/press/members/").json()["results"]]
    assert names == [
        ("ada", "manager"), ("ben", "annotator"), ("chi", "annotator"), ("dora", "reviewer"), ("fay", "reader"),
    ]  # fmt: skip
    second = a_project("second")
    a_member(second, "ada")
    added = ada.ask("POST", "projects/second/members/", {"username": "ben", "role": "reader"})
    assert (added.status_code, added.json()["role"]) == (201, "reader")
    assert ada.ask("POST", "projects/second/members/", {"username": "eve", "role": "reader"}).status_code == 404
    assert ada.ask("PATCH", "projects/second/members/ben/", {"role": "reviewer"}).json()["role"] == "reviewer"
    assert ada.ask("GET", "projects/second/members/ben/").json()["username"] == "ben"
    assert ada.ask("PATCH", "projects/second/members/ada/", {"role": "reader"}).status_code == 409
    assert ada.ask("DELETE", "projects/second/members/ben/").status_code == 204
    assert ada.ask("GET", "projects/second/members/ben/").status_code == 404


def test_an_invitation_answers_its_link_once(project: Project) -> None:
    ada = Program("ada")
    made = ada.ask("POST", "projects/press/invitations/", {"role": "annotator"})
    assert made.status_code == 201
    link = made.json()["link"]
    [listed] = ada.ask("GET", "projects/press/invitations/").json()["results"]
    assert listed == {key: value for key, value in made.json().items() if key != "link"}
    eve = Client()
    eve.force_login(User.objects.get(username="eve"))
    assert eve.post(link).status_code == 302
    assert Membership.objects.get(project=project, user__username="eve").role == "annotator"


def test_an_invitation_is_withdrawn(project: Project) -> None:
    ada = Program("ada")
    made = ada.ask("POST", "projects/press/invitations/", {"role": "annotator"}).json()
    assert ada.ask("DELETE", f"projects/press/invitations/{made['id']}/").status_code == 204
    assert Client().get(made["link"]).status_code == 409


def test_the_guideline_grows_by_versions(project: Project) -> None:
    ada = Program("ada")
    for number, text in ((1, "# One\n"), (2, "# Two\n")):
        made = ada.ask("POST", "projects/press/guidelines/", {"markdown": text})
        assert (made.status_code, made.json()["number"], made.json()["markdown"]) == (201, number, text)
    listed = Program("ben", "read").ask("GET", "projects/press/guidelines/").json()["results"]
    assert [(row["number"], row["markdown"], row["published_by"]) for row in listed] == [
        (2, "# Two\n", "ada"),
        (1, "# One\n", "ada"),
    ]
    assert ada.ask("GET", "projects/press/guidelines/1/").json()["markdown"] == "# One\n"
    assert ada.ask("GET", "projects/press/guidelines/3/").status_code == 404
    assert ada.ask("PATCH", "projects/press/guidelines/1/", {"markdown": "x"}).status_code == 405


def test_the_account_says_who_asks_and_how_far_the_token_reaches() -> None:
    a_user("ben")
    account = Program("ben", "annotate").ask("GET", "account/").json()
    assert account.pop("preferences").keys() == filled({}).keys()
    assert account == {"username": "ben", "may_create_projects": False, "scope": "annotate"}
    pages = Client()
    pages.force_login(User.objects.get(username="ben"))
    assert pages.get("/api/v1/account/").json()["scope"] is None


WRITES = [
    ("POST", "projects/", {"name": "x"}),
    ("PATCH", "projects/press/", {"name": "x"}),
    ("POST", "projects/press/labels/", {"name": "x"}),
    ("PATCH", "projects/press/labels/actor/", {"name": "x"}),
    ("POST", "projects/press/relation-labels/", {"name": "x"}),
    ("PATCH", "projects/press/relation-labels/made_by/", {"name": "x"}),
    ("POST", "projects/press/members/", {"username": "eve", "role": "reader"}),
    ("PATCH", "projects/press/members/chi/", {"role": "reader"}),
    ("DELETE", "projects/press/members/chi/", None),
    ("POST", "projects/press/invitations/", {"role": "reader"}),
    ("POST", "projects/press/guidelines/", {"markdown": "x"}),
    ("POST", "projects/press/articles/", {"id": "x", "text": "x"}),
]


@pytest.mark.parametrize(("method", "path", "data"), WRITES, ids=[f"{method} {path}" for method, path, _ in WRITES])
def test_only_a_manager_with_a_token_that_reaches_far_enough_writes(
    project: Project, method: str, path: str, data: Any
) -> None:
    for username in ("ben", "dora", "fay"):
        assert Program(username).ask(method, path, data).status_code == 403
    assert Program("eve").ask(method, path, data).status_code == (403 if path == "projects/" else 404)
    for scope in ("read", "annotate"):
        refused = Program("ada", scope).ask(method, path, data)
        assert (refused.status_code, refused.json()["detail"]) == (403, "The scope of this token does not allow it.")
    nobody = Client().generic(method, f"/api/v1/{path}", _json(data), content_type="application/json")
    assert (nobody.status_code, nobody["WWW-Authenticate"]) == (401, "Token")


READS = {
    "projects/press/": (200, 200, 200, 200, 404),
    "projects/press/labels/": (200, 200, 200, 200, 404),
    "projects/press/labels/actor/": (200, 200, 200, 200, 404),
    "projects/press/labels/nothing/": (404, 404, 404, 404, 404),
    "projects/press/relation-labels/": (200, 200, 200, 200, 404),
    "projects/press/relation-labels/made_by/": (200, 200, 200, 200, 404),
    "projects/press/members/": (200, 403, 200, 403, 404),
    "projects/press/members/chi/": (200, 403, 200, 403, 404),
    "projects/press/invitations/": (200, 403, 403, 403, 404),
    "projects/press/guidelines/": (200, 200, 200, 200, 404),
    "projects/press/articles/": (200, 200, 200, 200, 404),
}


@pytest.mark.parametrize(("path", "statuses"), READS.items(), ids=READS)
def test_each_of_the_cast_reads_what_the_role_allows(project: Project, path: str, statuses: tuple[int, ...]) -> None:
    got = [Program(name, "read").ask("GET", path).status_code for name in ("ada", "ben", "dora", "fay", "eve")]
    assert tuple(got) == statuses
    assert Client().get(f"/api/v1/{path}").status_code == 401


@pytest.mark.parametrize("cursor", ["guess", "cD1ndWVzcw==", "cj0xJnA9eA==", "bz05OTk5OTk5OTk5"])
def test_a_cursor_this_list_has_not_given_is_not_found_or_an_empty_page(project: Project, cursor: str) -> None:
    for path in ("projects/", "projects/press/labels/", "projects/press/articles/", "projects/press/guidelines/"):
        answer = Program("ada").ask("GET", f"{path}?cursor={cursor}")
        assert answer.status_code in {200, 404}


def test_a_list_comes_in_pages(project: Project) -> None:
    ada = Program("ada")
    first = ada.ask("GET", "projects/press/labels/?page_size=2").json()
    assert [row["key"] for row in first["results"]] == ["actor", "claim"]
    second = ada.client.get(first["next"]).json()
    assert [row["key"] for row in second["results"]] == ["location"]
    assert second["next"] is None
    assert ada.client.get(second["previous"]).json()["results"] == first["results"]
