"""Schemathesis asks every operation of the API's description as each role and with a token of each scope, with good
input and bad: no answer is a server error, and none but those that are described is given.

`NEWSAPP_FUZZ=2000` asks each operation that often instead of the few times of an ordinary run.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.errors import InvalidSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from annotations.api.schema import description
from annotations.models import Disagreement, Membership, Relation, User
from annotations.services import accounts, members
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.comments import begin_thread
from newsapp.wsgi import application
from tests.factories import a_project, a_set, a_span, an_article, put_relation, the_cast

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("NEWSAPP_FUZZ", "10"))
OPERATIONS = [(path, method) for path, item in description()["paths"].items() for method in item]


@pytest.fixture(autouse=True)
def one_connection(db: None) -> Iterator[None]:
    """The application begins and ends a request without closing the test's connection, as with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# The manager twice: nobody gets further.
WHO = ["ada manage", "ada manage", "ada annotate", "ada read", "ben manage", "dora manage", "fay manage", "eve manage"]


@pytest.fixture
def secrets() -> dict[str, str]:
    """Tokens: everybody's, and Ada's of each scope. She manages the project, and has work of her own."""
    project = a_project("press")
    cast = the_cast(project)
    User.objects.filter(username="ada").update(may_create_projects=True)
    found = {}
    for who in WHO:
        name, scope = who.split()
        found[who] = accounts.create_token(user=cast[name], name=who, scope=scope)[1]
    return found


@pytest.fixture
def known(secrets: dict[str, str]) -> dict[str, list[Any]]:
    """What is really there, by the names that parameters and fields have in the description."""
    ada = Membership.objects.select_related("project", "user").get(user__username="ada")
    project = ada.project
    project.guideline_versions.create(number=1, markdown="# Claim\n")
    opened, closed = an_article(project, external_id="open"), an_article(project, external_id="closed", open_slots=0)
    an_article(project, external_id="free")
    work = a_set(opened, ada.user)
    claim, actor = a_span(work, "claim", (0, 20)), a_span(work, "actor", (26, 40))
    apply_changes(actor=ada.user, annotation_set_id=work.pk, changes=[put_relation("made_by", claim.pk, actor.pk)])
    sets = [work.pk]
    for name, fragment in (("ben", (26, 40)), ("chi", (33, 40))):
        user = User.objects.get(username=name)
        done = a_set(closed, user)
        a_span(done, "actor", fragment)
        move_set(actor=user, annotation_set_id=done.pk, action="submit")
        sets.append(done.pk)
    invitation, _link = members.invite(member=ada, role="annotator")
    spans = [claim.pk, actor.pk]
    question = begin_thread(actor=ada.user, annotation_set_id=work.pk, kind="question", text="One or two?")
    relation = Relation.objects.get().pk
    found: dict[str, list[Any]] = {
        "slug": ["press"],
        "set_id": sets,
        "annotation_set": sets,
        "article_id": [opened.pk, closed.pk],
        "article": [closed.pk],
        "disagreement_id": [Disagreement.objects.get().pk],
        "uuid": [*spans, relation],
        "comment_id": [question.pk],
        "parent": [question.pk],
        "span": spans,
        "object": [*spans, relation],
        "source": spans,
        "target": spans,
        "invitation": [invitation.pk],
        "username": ["ben", "chi"],
        "key": ["actor", "claim", "made_by"],
        "label": ["actor", "claim", "location", "made_by"],
        "number": [1],
    }
    return {name: [each if isinstance(each, int) else str(each) for each in values] for name, values in found.items()}


def with_known(found: Any, known: Mapping[str, list[Any]]) -> Any:
    """A part of the description, with the real ids as the only ones there are; answers stay as described."""
    if isinstance(found, list):
        return [with_known(each, known) for each in found]
    if not isinstance(found, dict):
        return found
    made = {key: value if key == "responses" else with_known(value, known) for key, value in found.items()}
    fields = made["properties"] if isinstance(made.get("properties"), dict) else {}
    for name in fields.keys() & known.keys():
        fields[name] = {"enum": known[name]}
    if "in" in made and made["name"] in known:
        made["schema"] = {"enum": known[made["name"]]}
    return made


def _places(path: str, known: Mapping[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    nowhere = ["019a0000-0000-7000-8000-000000000001"]  # of what there is none here: the answer is a 404
    return st.fixed_dictionaries(
        {name: st.sampled_from(known.get(name, nowhere)) for name in re.findall(r"{(\w+)}", path)}
    )


def asked(schema: Any, path: str, method: str) -> Iterator[Any]:
    """Requests that keep to the description, and requests that break it, if any can."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        with suppress(InvalidSchema):
            yield schema[path][method.upper()].as_strategy(generation_mode=mode)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_no_input_makes_the_server_fail(
    path: str, method: str, secrets: dict[str, str], known: dict[str, list[Any]]
) -> None:
    kinds: list[Any] = []
    plain = deepcopy(dict(description()))
    filled = {**with_known(plain, known), "components": deepcopy(plain["components"])}
    for name, schema in plain["components"]["schemas"].items():
        if name.endswith("Request"):
            filled["components"]["schemas"][name] = with_known(schema, known)
    for document in (filled, plain):
        schema = schemathesis.openapi.from_dict(document)
        schema.app = application
        kinds += asked(schema, path, method)

    @settings(
        max_examples=EXAMPLES,
        derandomize=EXAMPLES == 10,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(kinds),
        place=_places(path, known),
        is_there=st.sampled_from([True, True, True, False]),
        who=st.sampled_from(WHO),
    )
    def ask(case: Any, place: dict[str, Any], *, is_there: bool, who: str) -> None:
        if is_there:  # what breaks the description breaks it elsewhere than in the address
            case.path_parameters = place
        with transaction.atomic():
            response = case.call(headers={"Authorization": f"Token {secrets[who]}"})
            transaction.set_rollback(True)
        assert response.status_code != 401
        case.validate_response(response, checks=CHECKS)
        if response.status_code >= 400:
            assert response.headers["content-type"] == ["application/problem+json"]
            assert json.loads(response.content)["detail"]

    ask()
