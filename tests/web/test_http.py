"""Errors become pages with a sentence, for people and for HTMX; headers keep the page to itself."""

from __future__ import annotations

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from annotations.domain import errors
from annotations.web import http
from tests.factories import a_user

MIDDLEWARE = http.ErrorsMiddleware(lambda _request: HttpResponse("fine"))


def asked(path: str = "/projects/x/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.user = a_user("ben")
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidData("Not like this."), 400),
        (errors.NotAllowed("Not you."), 403),
        (errors.NotFound("Nothing there."), 404),
        (errors.StateRefused("Not now."), 409),
        (errors.RevisionConflict("Changed.", current=None, revision=1), 412),
        (errors.TooLarge("Too much."), 413),
        (errors.TooManyRequests("Too often.", retry_after=7), 429),
    ],
)
def test_an_error_of_ours_is_a_page_with_its_sentence(error: errors.NewsappError, status: int) -> None:
    response = MIDDLEWARE.process_exception(asked(), error)
    assert response is not None
    assert response.status_code == status
    page = response.content.decode()
    assert error.detail in page
    assert "<h1>" in page
    assert response.get("Retry-After") == ("7" if status == 429 else None)


@pytest.mark.django_db
def test_htmx_gets_the_sentence_alone() -> None:
    response = MIDDLEWARE.process_exception(asked(**{"HX-Request": "true"}), errors.StateRefused("Not <now>."))
    assert response is not None
    assert response.content.decode().strip() == '<div class="message error"><p>Not &lt;now&gt;.</p></div>'
    assert (response.status_code, response["X-Sentence"]) == (409, "1")


@pytest.mark.django_db
def test_the_api_and_errors_that_are_not_ours_go_on_their_way() -> None:
    assert MIDDLEWARE.process_exception(asked("/api/v1/projects/"), errors.NotFound("x")) is None
    assert MIDDLEWARE.process_exception(asked(), ValueError("x")) is None


@pytest.mark.django_db
def test_an_unknown_address_is_a_page_for_people_and_a_problem_for_programs(client: Client) -> None:
    page = client.get("/nowhere/")
    assert page.status_code == 404
    assert "There is nothing at this address" in page.content.decode()
    problem = client.get("/api/v1/nowhere/")
    assert problem["Content-Type"] == "application/problem+json"
    assert json.loads(problem.content) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at this address, or you are not a member of it.",
        "errors": [],
        "request_id": problem["X-Request-ID"],
    }


def test_the_page_of_a_failure_needs_neither_request_nor_database() -> None:
    response = http.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Nothing you had saved is lost" in response.content.decode()
    problem = http.server_error(RequestFactory().get("/api/v1/"))
    assert (problem.status_code, problem["Content-Type"]) == (500, "application/problem+json")


@pytest.mark.django_db
def test_pages_allow_nothing_from_elsewhere_and_nothing_inline(client: Client) -> None:
    response = client.get(reverse("sign-in"))
    assert response["Content-Security-Policy"] == (
        "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
    page = response.content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page


def test_the_address_of_a_client_is_the_proxy_s_word_only_behind_a_proxy(settings: pytest.FixtureRequest) -> None:
    request = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    )
    assert http.client_address(request) == "192.0.2.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]
    assert http.client_address(request) == "198.51.100.7"
