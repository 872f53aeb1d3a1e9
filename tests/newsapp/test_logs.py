"""The log says what happened and in which request, and nothing of articles, passwords, tokens or links."""

from __future__ import annotations

import io
import json
import logging.config
import re
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection
from django.test import Client, override_settings

from annotations.domain.identifiers import uuid7
from newsapp import logs
from newsapp import settings as real
from tests.factories import a_member, a_project, a_user, an_article

SECRET = "fgh7-secret-words"
TEXT = "The minister denied it."


@pytest.fixture(params=logs.STYLES)
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What is written while the test runs."""
    configuration = logs.configuration(style=request.param, level="info")
    logging.config.dictConfig(configuration)
    written = io.StringIO()
    handlers = [handler for handler in logging.getLogger().handlers if handler.get_name() == "console"]
    for handler in handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    logging.config.dictConfig(real.LOGGING)


@pytest.mark.django_db
def test_neither_links_nor_tokens_nor_passwords_nor_texts_are_logged(log: io.StringIO) -> None:
    article = an_article(a_project(), text=TEXT)
    client = Client(raise_request_exception=False)
    client.get(f"/invitations/{SECRET}/")
    client.get(f"/passwords/{SECRET}/")
    client.get(f"/{SECRET}/")
    client.get("/api/v1/account/", headers={"Authorization": f"Token {SECRET}"})
    client.post("/sign-in/", {"username": "ben", "password": SECRET})
    client.get("/sign-in/", headers={"Host": SECRET + ".example"})
    with connection.cursor() as cursor:
        try:
            cursor.execute("UPDATE annotations_article SET text = 'x', project_id = NULL WHERE id = %s", [article.pk])
        except IntegrityError:
            logging.getLogger("annotations.jobs").exception("a job failed")
    for error in (ValueError(TEXT), RuntimeError(SECRET)):
        try:
            raise KeyError(TEXT) from error
        except KeyError:
            logging.getLogger("django.request").exception("it failed")
    gunicorn = logging.getLogger("gunicorn.error")
    gunicorn.handlers = logging.getLogger().handlers
    gunicorn.error("Error handling request %s %s", "GET", f"/invitations/{SECRET}/")
    gunicorn.warning(f"Invalid request from ip=10.0.0.1: Authorization Token {SECRET}")
    written = log.getvalue()
    assert SECRET not in written
    assert "minister" not in written
    assert "invitations/<str:secret>/" in written
    assert "ip=10.0.0.1" in written
    assert "psycopg.errors" in written
    assert "test_logs.py" in written  # tracebacks are there


@pytest.mark.django_db
@override_settings(LOG_REQUESTS=True)
def test_every_line_of_a_request_has_the_id_that_its_answer_and_its_problem_have(log: io.StringIO) -> None:
    a_member(a_project(), "ben")
    client = Client()
    client.force_login(a_user("ben"))
    page = client.get("/projects/press/")
    problem = client.get(f"/api/v1/articles/{uuid7()}/")
    assert re.fullmatch("[0-9a-f]{32}", page["X-Request-ID"])
    assert page["X-Request-ID"] != problem["X-Request-ID"] == problem.json()["request_id"]
    lines = log.getvalue().splitlines()
    told = [line for line in lines if problem["X-Request-ID"] in line]
    assert len(told) == 2  # Django's warning of the 404, and our line
    assert all("/api/v1/articles/<uuid:article_id>/" in line for line in told)
    (line,) = [line for line in lines if page["X-Request-ID"] in line]
    if line.startswith("{"):
        said = json.loads(line)
        assert (said["method"], said["route"], said["status"]) == ("GET", "/projects/<slug:slug>/", 200)
        assert said["user"] == a_user("ben").pk


@pytest.mark.parametrize("given", ["abc", "a b c d e f g h", "x" * 65, "weiß-nicht", "<script>alert(1)</script>"])
def test_an_id_that_is_given_is_kept_only_in_the_form_of_one(given: str) -> None:
    assert Client().get("/healthz", headers={"X-Request-ID": "proxy-1234.5678"})["X-Request-ID"] == "proxy-1234.5678"
    answer = Client().get("/healthz", HTTP_X_REQUEST_ID=given)
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])
