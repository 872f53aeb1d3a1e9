"""The database goes away in the midst of work: both faces say so, with a time to come back; then all is as before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import OperationalError, connection
from django.test import Client
from psycopg_pool import PoolTimeout

from annotations.services import accounts
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def afterwards(transactional_db: None) -> Iterator[None]:
    """Whatever happened, the tests that follow find a session that works."""
    yield
    connection.close()


def the_database_goes_away() -> None:
    """The server ends our session, as it does when it restarts; the session notices at its next statement."""
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@pytest.mark.parametrize("address", ["/", "/projects/press/", "/account/"])
def test_a_page_says_that_the_database_does_not_answer_and_works_again_afterwards(client: Client, address: str) -> None:
    client.force_login(the_cast(a_project("press"))["ada"])
    the_database_goes_away()
    response = client.get(address)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "The database does not answer" in response.content.decode()
    connection.close()
    assert client.get(address).status_code == 200


def test_waiting_too_long_for_a_connection_is_the_same_to_the_faces() -> None:
    with pytest.raises(OperationalError), connection.wrap_database_errors:
        raise PoolTimeout


def test_a_fragment_for_htmx_is_the_sentence_alone(client: Client) -> None:
    client.force_login(the_cast(a_project("press"))["ada"])
    the_database_goes_away()
    response = client.get("/projects/press/articles/", headers={"HX-Request": "true"})
    assert (response.status_code, response["X-Sentence"]) == (503, "1")
    assert "<html" not in response.content.decode()


def test_a_program_gets_a_problem_and_its_next_try_goes_through(client: Client) -> None:
    _token, secret = accounts.create_token(user=the_cast(a_project("press"))["ben"], name="test")
    headers = {"Authorization": f"Token {secret}"}
    the_database_goes_away()
    response = client.get("/api/v1/projects/press/", headers=headers)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["title"] == "Service Unavailable"
    connection.close()
    assert client.get("/api/v1/projects/press/", headers=headers).status_code == 200
