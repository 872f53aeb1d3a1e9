"""Nobody asks without end; lists take the filters they name and no others; reading other people's work is noted."""

from __future__ import annotations

import pytest
from django.test import Client

from annotations.models import ArticleOpening
from annotations.services import accounts
from annotations.services.annotation_sets import move_set
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db

LISTS = [
    "projects/",
    "projects/press/labels/",
    "projects/press/relation-labels/",
    "projects/press/members/",
    "projects/press/invitations/",
    "projects/press/guidelines/",
    "projects/press/articles/",
    "projects/press/disagreements/",
    "projects/press/export/",
]


@pytest.fixture
def program() -> Client:
    _token, secret = accounts.create_token(user=the_cast(a_project("press"))["ada"], name="test")
    return Client(headers={"Authorization": f"Token {secret}"})


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("name", ["user__password__startswith", "project__slug", "ordering", "serach"])
def test_a_list_refuses_parameters_it_does_not_name(program: Client, address: str, name: str) -> None:
    response = program.get(f"/api/v1/{address}", {name: "x"})
    assert response.status_code == 400
    assert [each["field"] for each in response.json()["errors"]] == [name]


def test_the_refusal_names_the_parameters_there_are(program: Client) -> None:
    detail = program.get("/api/v1/projects/press/articles/", {"outlets": "Courier"}).json()["detail"]
    assert detail == (
        "There is no parameter of this name here."
        " Parameters: search, state, outlet, published_after, cursor, page_size."
    )


def test_nobody_is_told_to_wait_after_many_requests_while_a_program_goes_on(
    program: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "ANONYMOUS_PER_ADDRESS", 3)
    nobody = Client(headers={"Authorization": "Token guess"})
    assert [nobody.get("/api/v1/projects/").status_code for _number in range(4)] == [401, 401, 401, 429]
    response = Client().get("/api/v1/projects/")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 301
    assert response["Content-Type"] == "application/problem+json"
    assert program.get("/api/v1/projects/").status_code == 200


def test_who_reads_the_work_of_somebody_else_has_opened_the_article() -> None:
    project = a_project("press")
    cast = the_cast(project)
    clients = {}
    for name in ("ben", "dora"):
        _token, secret = accounts.create_token(user=cast[name], name="test")
        clients[name] = Client(headers={"Authorization": f"Token {secret}"})
    for number, address in enumerate(("annotation-sets/{set}/", "annotation-sets/{set}/changes/", "spans/{span}/")):
        article = an_article(project, external_id=str(number))
        work = a_set(article, cast["ben"])
        span = a_span(work)
        move_set(actor=cast["ben"], annotation_set_id=work.pk, action="submit")
        for client in clients.values():
            assert client.get(f"/api/v1/{address.format(set=work.pk, span=span.pk)}").status_code == 200
        openings = ArticleOpening.objects.filter(article=article).values_list("user__username", flat=True)
        assert list(openings) == ["dora"]
