"""Two projects in which everything is there that an address can name."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final
from uuid import UUID

from django.test import Client

from annotations.domain.identifiers import uuid7
from annotations.models import (
    AnnotationSet,
    Article,
    Decision,
    Disagreement,
    Membership,
    Project,
    Relation,
    SignIn,
    User,
)
from annotations.services import accounts, members
from annotations.services.annotation_sets import move_set
from annotations.services.appeals import appeal
from annotations.services.bins import bin_project
from annotations.services.changes import apply_changes
from annotations.services.comments import begin_thread
from annotations.services.decisions import decide
from annotations.services.entities import create_entity
from annotations.services.gold import finish_article
from annotations.services.imports.uploads import upload_files
from annotations.services.jobs import enqueue_job
from annotations.services.labels import create_label
from annotations.services.precedents import create_precedent
from annotations.suggesters.proposals import proposal_uuid
from tests.factories import (
    TEXT,
    a_member,
    a_project,
    a_release,
    a_set,
    a_span,
    a_webhook,
    an_article,
    put_relation,
    the_cast,
)
from tests.security.addresses import Address

PERSONAL: Final = frozenset(
    {"article_id", "set_id", "annotation_set", "uuid", "comment_id", "token", "sign_in", "suggestion", "pk"}
)
"""The places of addresses in which somebody's own things stand; the others are the project's."""
CANARY: Final = "canary"
"""A word of the other project, which nobody of this one may ever read."""

type Values = dict[str, str]


@dataclass(frozen=True)
class World:
    """`press` is the project of the cast, `ports` another one: what stands in the places of addresses.

    `press` has values for the things of each person; where several articles may stand in a place, there are several.
    """

    press: dict[str, list[Values]]
    ports: Values


def in_places(address: Address, values: Values) -> str:
    """The address with these values; spans and relations, labels and their like stand in places of the same name."""
    if address.name == "relation":
        values = values | {"uuid": values["relation"]}
    if "<uuid:job_id>" in address.route and "/import/" in address.route:
        values = values | {"job_id": values["import_id"]}
    if "bin/<slug:slug>/restore" in address.route:
        values = values | {"slug": values["binned"]}
    if "relation-labels" in address.route:
        values = values | {"key": values["relation_key"]}
    return address.filled(values)


def a_world(more: str = "") -> World:
    """The cast with work of everybody, decided, appealed and discussed, and the same elsewhere by others.

    `more` is added to the text of the articles of `press`.
    """
    project = a_project("press")
    cast = the_cast(project)
    User.objects.filter(username="ada").update(may_create_projects=True)
    shared = _of_project(project, TEXT + more)
    press = {name: _of_person(project, cast[name], shared) for name in ("ada", "ben", "chi", "dora")}

    ports = a_project("ports")
    Project.objects.filter(pk=ports.pk).update(name=f"{CANARY} Ports")
    for name, role in (("ada", "manager"), ("ben", "annotator"), ("chi", "annotator"), ("dora", "reviewer")):
        a_member(ports, f"{CANARY}-{name}", role)  # type: ignore[arg-type]
    manager = _manager(ports)
    create_label(member=manager, name=f"{CANARY} harbour", key=f"{CANARY}-harbour")
    ports.guideline_versions.create(number=1, markdown=f"# {CANARY}")
    ports.guideline_versions.create(number=2, markdown=f"# {CANARY}")
    theirs = _of_project(ports, TEXT.replace("Oslo", CANARY), f"{CANARY}-")
    elsewhere = _of_person(ports, User.objects.get(username=f"{CANARY}-chi"), theirs)[0]
    return World(press, elsewhere | {"key": f"{CANARY}-harbour", "number": "2", "relation_key": f"{CANARY}-none"})


def _manager(project: Project) -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, role="manager")


def _of_project(project: Project, text: str, prefix: str = "") -> Values:
    """What belongs to all: two annotators' work on an article, decided, done, and objected to."""
    manager, reviewer = _manager(project), User.objects.get(username=f"{prefix}dora")
    if not prefix:
        project.guideline_versions.create(number=1, markdown="# Claim")
    done = an_article(project, text, external_id=f"{prefix}done", open_slots=0)
    for name, fragment in ((f"{prefix}ben", (26, 40)), (f"{prefix}chi", (33, 40))):
        work = a_set(done, User.objects.get(username=name))
        a_span(work, "actor", fragment, note=f"{prefix}note")
        move_set(actor=User.objects.get(username=name), annotation_set_id=work.pk, action="submit")
    row = Disagreement.objects.get(article=done)
    decide(actor=reviewer, disagreement_id=row.pk, versions=[2], reason=f"{prefix}reason", rule=f"{prefix}rule")
    finish_article(actor=reviewer, article_id=done.pk, done=True)
    decision = Decision.objects.filter(article=done, disagreement=row.pk).get()
    annotator = Membership.objects.select_related("project", "user").get(project=project, user__username=f"{prefix}ben")
    objection = appeal(member=annotator, decision_id=decision.pk, text=f"{prefix}why")
    invitation, _secret = members.invite(member=manager, role="annotator")
    return {
        "slug": project.slug,
        "binned": _binned(manager),
        "done": str(done.pk),
        "decision_id": str(decision.pk),
        "disagreement_id": str(row.pk),
        "appeal_id": str(objection.pk),
        "invitation": str(invitation.pk),
        "entity_id": str(create_entity(member=manager, label="location", name=f"{prefix}Oslo").pk),
        "precedent_id": str(create_precedent(member=manager, rule=f"{prefix}names whole").pk),
        "job_id": str(enqueue_job(kind="gamma", project=project, by=manager.user).pk),
        "import_id": str(upload_files(member=manager, files=[("a.txt", "", BytesIO(b"Ana."))]).pk),
        "webhook_id": str(a_webhook(manager, f"https://{prefix}hook.example.org/").pk),
        "form": "csv",
        **dict.fromkeys(("release_id", "before", "after"), str(a_release(project, manager.user).pk)),
        "batch": str(uuid7()),  # there is none until decisions were put back, which nobody did
        "username": f"{prefix}chi",
        "key": "claim",
        "attribute": "stance",
        "relation_key": "made_by",
        "number": "1",
        "secret": "guessed",
    }


def _binned(manager: Membership) -> str:
    """The address of another project of this manager, which is in the bin."""
    project = a_project(f"{manager.project.slug}-gone")
    bin_project(member=Membership.objects.create(project=project, user=manager.user, role="manager"))
    return project.slug


def _of_person(project: Project, person: User, shared: Values) -> list[Values]:
    """What belongs to one: work begun on an article of their own, a question about it, a token."""
    begun = an_article(project, Article.objects.get(pk=shared["done"]).text, external_id=f"of {person.username}")
    work = a_set(begun, person)
    claim, actor = a_span(work, "claim", (0, 20), note=f"{person.username} notes"), a_span(work, "actor", (26, 40))
    change = put_relation("made_by", claim.pk, actor.pk)
    apply_changes(actor=person, annotation_set_id=work.pk, changes=[change])
    question = begin_thread(actor=person, annotation_set_id=work.pk, kind="question", text="One or two?")
    token, _secret = accounts.create_token(user=person, name=f"{person.username}'s notebook")
    own = shared | {
        "article_id": str(begun.pk),
        "set_id": str(work.pk),
        "annotation_set": str(work.pk),
        "uuid": str(claim.pk),
        "relation": str(Relation.objects.get(annotation_set=work).pk),
        "suggestion": str(proposal_uuid(begun.pk, "quotes", "claim", ((0, 21),))),
        "comment_id": str(question.pk),
        "token": str(token.pk),
        "sign_in": str(_signed_in(person)),
        "pk": "1",  # a passkey: nobody has one
    }
    submitted = AnnotationSet.objects.filter(article_id=UUID(str(shared["done"])), annotator=person).first()
    finished = own | {"article_id": shared["done"], "set_id": str(submitted.pk)} if submitted else None
    return [own, finished] if finished else [own]


def _signed_in(person: User) -> UUID:
    client = Client()
    client.force_login(person)
    return SignIn.objects.get(session_key=client.session.session_key).pk
