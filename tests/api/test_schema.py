"""The API describes itself, for programs and for people, from nothing but itself."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from annotations.api.urls import urlpatterns
from tests.factories import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(a_user("ben"))
    return client


def test_the_description_is_openapi_3_1_and_names_every_address(signed_in: Client) -> None:
    answer = signed_in.get("/api/v1/schema/")
    assert answer.status_code == 200
    schema = answer.json()
    assert schema["openapi"].startswith("3.1")
    described = {re.sub(r"\{\w+\}", "*", path) for path in schema["paths"]}
    routed = {"/api/v1/" + re.sub(r"<[^>]+>", "*", str(each.pattern)) for each in urlpatterns}
    assert described == routed - {"/api/v1/schema/", "/api/v1/docs/"}


def test_the_page_shows_every_operation_with_an_example(signed_in: Client) -> None:
    page = signed_in.get("/api/v1/docs/").content.decode()
    operations = sum(len(item) for item in signed_in.get("/api/v1/schema/").json()["paths"].values())
    assert page.count("<details id=") == operations
    assert "curl -X POST -H &#x27;Authorization: Token …&#x27;" in page
    assert "application/problem+json" in page


def test_both_need_somebody_who_is_signed_in(client: Client) -> None:
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").status_code == 302
