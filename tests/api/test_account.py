"""One's own account through the API: who one is, and the settings of the pages."""

from __future__ import annotations

import pytest
from django.test import Client

from annotations.domain.preferences import KEYS
from tests.factories import a_user

pytestmark = pytest.mark.django_db
USUAL = {
    "language": "browser", "theme": "system", "text_size": "normal", "text_width": "normal", "line_spacing": "normal", "motion": "system",
    "sticky": "on", "snap": "words", "keys": dict(KEYS),
}  # fmt: skip


def test_settings_are_read_whole_and_changed_in_part(client: Client) -> None:
    client.force_login(a_user("ben"))
    assert client.get("/api/v1/account/").json() == {
        "username": "ben", "may_create_projects": False, "scope": None, "preferences": USUAL,
    }  # fmt: skip
    body = {"preferences": {"theme": "dark", "keys": {"next": "p", "previous": "n"}}}
    changed = client.patch("/api/v1/account/", body, content_type="application/json")
    expected = USUAL | {"theme": "dark", "keys": {**KEYS, "next": "p", "previous": "n"}}
    assert (changed.status_code, changed.json()["preferences"]) == (200, expected)


@pytest.mark.parametrize(
    "preferences",
    [None, {"theme": "neon"}, {"keys": {"next": "s"}}, {"keys": {"next": "a"}}, {"keys": {"fly": "n"}}, {"keys": []}],
    ids=str,
)
def test_what_cannot_be_chosen_is_refused_with_a_sentence(client: Client, preferences: object) -> None:
    ben = a_user("ben")
    client.force_login(ben)
    refused = client.patch("/api/v1/account/", {"preferences": preferences}, content_type="application/json")
    ben.refresh_from_db()
    assert (refused.status_code, ben.preferences) == (400, {})
    assert refused.json()["errors"][0]["message"]
