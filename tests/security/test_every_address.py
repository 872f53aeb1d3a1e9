"""Role × every address × one's own, another's, another project's object: made from the URL configuration.

A new address is asked from the day it is there, and a new kind of place in addresses fails here until the world has
something to stand in it. What each role gets of each address is said, row by row, in tests/web/test_access.py and
tests/api/test_access.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from annotations.domain.identifiers import uuid7
from annotations.models import User
from tests.security.addresses import METHODS, Address, Answer, addresses, ask
from tests.security.worlds import CANARY, PERSONAL, World, a_world, in_places

pytestmark = pytest.mark.django_db

PUBLIC = {
    "sign-in", "sign-out", "invitation", "password-reset", "schema", "docs", "admin-sign-in",
    "account_login", "account_logout", "mfa_authenticate", "openid_connect_login", "openid_connect_callback",
    "socialaccount_login_cancelled", "socialaccount_login_error",
}  # fmt: skip
"""What nobody may ask: to get in, and the API's description."""
CAST = ("ada", "ben", "dora", "fay")
ADDRESSES = [each for each in addresses() if each.name not in PUBLIC]
BY_REVIEWERS = {
    "api:comments", "api:comment", "api:flag", "api:return", "api:gold", "api:gold-accept",
    "web:article-offer", "web:set-comments", "web:comment-answer", "web:comment-resolve",
}  # fmt: skip
"""Where those who review write about somebody else's work."""
BY_MANAGERS = {"api:article", "web:article-purpose"}
NEW = "019a0000-0000-7000-8000-000000000001"
SPAN = {"annotation_set": "SET", "label": "location", "fragments": [[74, 78]]}
RELATION = {"annotation_set": "SET", "label": "located_in", "source": NEW, "target": NEW}
BODIES: dict[str, Any] = {
    "POST api:changes": {"changes": []},
    "PATCH api:member": {"role": "reader"},
    "POST api:entity-merge": {"into": NEW},
    "POST api:verdict": {"engine": "quotes", "label": "claim", "fragments": [[0, 21]], "verdict": "rejected"},
    "POST api:undo": {"id": NEW},
    "POST api:redo": {"id": NEW},
    "PATCH api:comment": {"resolved": True},
    "PATCH api:trained": {"trained": True},
    "PATCH api:appeal": {"outcome": "changed"},
    "PATCH api:gold": {"state": "done"},
    "POST api:gold-accept": {"how": "unanimous"},
    "PUT api:span": SPAN,
    "PUT api:relation": RELATION,
}
FORMS = {"POST web:member-role": "role=reader", "POST web:precedent": "withdrawn=1"}
"""What is sent where the body is read before it is looked whose thing the address names."""
NOT_TAKEN: set[tuple[str, str]] = set()
"""Methods and routes that are answered 405 by everybody: asked once."""
VARYING = re.compile(
    r'csrfmiddlewaretoken" value="[^"]*"|csrftoken=[^\n]*|X-CSRFToken[^}]*}|Expires: [^\n]*|ETag: [^\n]*'
    r"|\b[0-9a-f]{32}\b"  # the number of the request
)


@pytest.fixture
def world() -> World:
    return a_world()


def signed_in(name: str | None) -> Client:
    client = Client()
    if name:
        client.force_login(User.objects.get(username=name))
    return client


def of_press(world: World, address: Address, owner: str) -> list[str]:
    """The address for the things of this person (Ben's stand for those who have none)."""
    return list(dict.fromkeys(in_places(address, values) for values in world.press.get(owner, world.press["ben"])))


def with_foreign_places(world: World, address: Address) -> list[str]:
    """The address in the other project, and in one's own with a thing of the other project."""
    if not address.places:
        return []
    found = [in_places(address, world.ports)]
    if "slug" in address.places and len(address.places) > 1:
        found.append(in_places(address, world.ports | {"slug": "press"}))
    return found


def asked(world: World, name: str | None, targets: list[tuple[Address, str]]) -> Iterator[tuple[str, Answer, Address]]:
    """Each of the questions with its answer, by every method the address takes."""
    client = signed_in(name)
    for address, target in targets:
        for method in METHODS:
            question = f"{method} {address}"
            if (method, address.route) in NOT_TAKEN:
                continue
            answer = ask(client, method, target, sent(question, address, world))
            assert answer.status != 500, (method, target)
            if answer.status == 405:
                NOT_TAKEN.add((method, address.route))
            elif "Location: /account/confirm/?" not in answer.text:  # the password has to be given again, first
                yield question, answer, address


def sent(question: str, address: Address, world: World) -> str:
    """The least that can be read."""
    if question.startswith("GET") or address.face != "api":
        return FORMS.get(question, "")
    return json.dumps(BODIES.get(question, {})).replace("SET", world.press["chi"][0]["set_id"])


def test_an_outsider_finds_nothing_and_cannot_tell_it_from_what_is_not_there(world: World) -> None:
    nowhere = {name: str(uuid7()) for name in world.ports} | {"slug": "nowhere", "number": "77", "pk": "77"}
    told = []
    for address in (each for each in ADDRESSES if each.places):
        there = list(asked(world, "eve", [(address, of_press(world, address, "ben")[0])]))
        not_there = list(asked(world, "eve", [(address, in_places(address, nowhere))]))
        for (question, found, _address), (_question, missing, _same_address) in zip(there, not_there, strict=True):
            if (found.status, _same(found)) != (404, _same(missing)):
                told.append((question, found.status, found.text[-300:], missing.status, missing.text[-300:]))
    assert told == []


def _same(answer: Answer) -> str:
    return VARYING.sub("", answer.text)


def test_what_has_no_place_for_a_thing_tells_an_outsider_nothing_of_projects(world: World) -> None:
    targets = [(address, address.route) for address in ADDRESSES if not address.places]
    words = ("brevik", "solheim", "press/", CANARY)
    found = {
        question: [word for word in words if word in answer.text.lower()]
        for question, answer, address in asked(world, "eve", targets)
        if address.name not in {"practice", "practice-begin"}  # an article of the tour, which everybody reads
    }
    assert {question: seen for question, seen in found.items() if seen} == {}


def test_nobody_is_asked_to_sign_in_before_anything_else(world: World) -> None:
    targets = [(address, of_press(world, address, "ben")[0]) for address in ADDRESSES]
    opened = {}
    for question, answer, address in asked(world, None, targets):
        to_sign_in = answer.status == 302 and "Location: /sign-in/?next=" in answer.text
        if not (answer.status == 401 if address.face == "api" else to_sign_in):
            opened[question] = answer.status
    assert opened == {}


@pytest.mark.parametrize("name", CAST)
def test_nothing_of_another_project_opens_in_any_role(world: World, name: str) -> None:
    targets = [(address, target) for address in ADDRESSES for target in with_foreign_places(world, address)]
    opened, told = {}, []
    for question, answer, _address in asked(world, name, targets):
        if answer.status not in {403, 404}:
            opened[question] = answer.status
        if CANARY in _unasked(answer, world):
            told.append(question)
    assert (opened, told) == ({}, [])


def _unasked(answer: Answer, world: World) -> str:
    """What was said that did not stand in the question."""
    text = answer.text.lower()
    for value in world.ports.values():
        text = text.replace(value.lower(), "")
    return text


@pytest.mark.parametrize("name", CAST)
def test_what_is_somebody_elses_is_written_by_its_owner_alone(world: World, name: str) -> None:
    addresses = [address for address in ADDRESSES if PERSONAL & set(address.places) and "slug" not in address.places]
    targets = [(address, target) for address in addresses for target in of_press(world, address, "chi")[:1]]
    allowed = {"ada": BY_REVIEWERS | BY_MANAGERS, "dora": BY_REVIEWERS}.get(name, set())
    opened = {
        question: answer.status
        for question, answer, address in asked(world, name, targets)
        if answer.status not in {403, 404}
        and not (question.startswith("GET ") and may_read(name, address))
        and str(address) not in allowed
    }
    assert opened == {}


def may_read(name: str, address: Address) -> bool:
    """Who reviews reads all work, who reads the data all articles; an annotator of a blind project only the own."""
    return name in {"ada", "dora"} or (name == "fay" and PERSONAL & set(address.places) == {"article_id"})


def test_in_ones_own_project_everything_is_there_and_nothing_is_said_of_another(world: World) -> None:
    """That every address is reached by somebody shows that the places of the other tests held something."""
    reached, told = set(), []
    for name in CAST:
        targets = [(address, target) for address in ADDRESSES for target in of_press(world, address, name)]
        for question, answer, address in asked(world, name, targets):
            told += [f"{name}: {question}"] if CANARY in answer.text.lower() else []
            reached |= {address.route} if answer.status != 404 else set()
    assert told == []
    after_the_password = {each.route for each in ADDRESSES if each.name.startswith("mfa_")}
    assert {address.route for address in ADDRESSES} - reached - after_the_password == set()
