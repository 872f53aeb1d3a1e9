"""What tests do not talk about: people, projects, articles and annotation sets, made with the least that is legal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from annotations.domain.changes import ChangeRequest
from annotations.domain.documents import Fragment
from annotations.domain.identifiers import uuid7
from annotations.formats.archives import ArchiveWriter
from annotations.models import (
    AnnotationSet,
    Article,
    Label,
    LabelAttribute,
    Membership,
    Project,
    RelationLabel,
    Release,
    ReleaseChunk,
    Role,
    SetKind,
    SetState,
    Span,
    User,
    Webhook,
)
from annotations.services.changes import apply_changes

TEXT = "“We lost nine days,” said Ingrid Solheim of the Brevik Dockers’ Union in Oslo. “And no one won.”"
ROLES = {"ada": Role.MANAGER, "ben": Role.ANNOTATOR, "chi": Role.ANNOTATOR, "dora": Role.REVIEWER, "fay": Role.READER}


def a_user(username: str = "ben", **columns: Any) -> User:
    """An account (the same one for the same name) whose password is the name twice."""
    found = User.objects.filter(username=username).first()
    return found or User.objects.create_user(username=username, password=username * 2, **columns)


def a_project(slug: str = "press", *, blind: bool = True, annotators_per_article: int = 2) -> Project:
    """A project with the three labels, two relations and two attributes every project gets."""
    project = Project.objects.create(
        slug=slug, name=slug.title(), blind=blind, annotators_per_article=annotators_per_article
    )
    labels = {
        key: Label.objects.create(
            project=project,
            key=key,
            name=key.title(),
            shortcut=key[0],
            colour=number,
            line_style=style,
            position=number,
        )
        for number, (key, style) in enumerate([("actor", "solid"), ("claim", "dashed"), ("location", "dotted")])
    }
    claim = labels["claim"]
    LabelAttribute.objects.create(label=claim, key="stance", name="Stance", choices=["supports", "opposes", "neutral"])
    LabelAttribute.objects.create(label=claim, key="form", name="Form", choices=["direct", "indirect"], position=1)
    for number, (key, shortcut, target) in enumerate([("made_by", "m", "actor"), ("located_in", "k", "location")]):
        RelationLabel.objects.create(
            project=project,
            key=key,
            name=key.replace("_", " "),
            source_label=claim,
            target_label=labels[target],
            shortcut=shortcut,
            position=number,
        )
    return project


def a_member(project: Project, username: str = "ben", role: Role | None = None) -> User:
    """A member; Ada manages, Ben and Chi annotate, Dora reviews, Fay reads."""
    user = a_user(username)
    Membership.objects.get_or_create(
        project=project, user=user, defaults={"role": role or ROLES.get(username, Role.ANNOTATOR)}
    )
    return user


def the_cast(project: Project) -> dict[str, User]:
    """Ada, Ben, Chi, Dora and Fay as members; Eve without membership."""
    return {name: a_member(project, name) for name in ROLES} | {"eve": a_user("eve")}


def an_article(project: Project, text: str = TEXT, external_id: str = "a1", **columns: Any) -> Article:
    """An article that needs as many annotators as its project says."""
    return Article.objects.create(
        project=project,
        external_id=external_id,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        open_slots=columns.pop("open_slots", project.annotators_per_article),
        **columns,
    )


def a_set(article: Article, annotator: User | None = None, state: str = SetState.IN_PROGRESS) -> AnnotationSet:
    """An annotator's set, or gold without an annotator."""
    if annotator is None:
        return AnnotationSet.objects.create(article=article, kind=SetKind.GOLD, state=SetState.OPEN)
    return AnnotationSet.objects.create(article=article, kind=SetKind.ANNOTATOR, annotator=annotator, state=state)


def put_span(
    label: str = "actor", *fragments: Fragment, uuid: UUID | None = None, base: int | UUID | None = None, **value: Any
) -> ChangeRequest:
    """A change that writes a span."""
    return ChangeRequest(
        id=uuid7(),
        action="put_span",
        object=uuid or uuid7(),
        base=base,
        value={"label": label, "fragments": [list(each) for each in fragments or [(26, 40)]], **value},
    )


def put_relation(label: str, source: UUID, target: UUID, uuid: UUID | None = None) -> ChangeRequest:
    """A change that writes a relation."""
    value = {"label": label, "source": str(source), "target": str(target)}
    return ChangeRequest(id=uuid7(), action="put_relation", object=uuid or uuid7(), value=value)


def a_span(annotation_set: AnnotationSet, label: str = "actor", *fragments: Fragment, **value: Any) -> Span:
    """A span, written as its annotator would (the set must take edits)."""
    change = put_span(label, *fragments, **value)
    author = annotation_set.annotator
    assert author is not None
    applied = apply_changes(actor=author, annotation_set_id=annotation_set.pk, changes=[change])
    assert applied.results[0].status == "applied", applied.results[0].errors
    return Span.objects.get(pk=change.object)


def statuses(results: Sequence[Any]) -> list[str]:
    """What became of each change."""
    return [result.status for result in results]


def a_webhook(manager: Membership, url: str = "https://hooks.example/") -> Webhook:
    """An address that is told of articles that are done, also where webhooks are switched off."""
    return Webhook.objects.create(
        project=manager.project, url=url, events=["article.done"], secret="s" * 43, created_by=manager.user
    )


def a_release(project: Project, by: User, sets: str = "gold") -> Release:
    """A release of no articles, called like its sets."""
    archive = ArchiveWriter()
    archive.add(f"{sets}.jsonl", b"")
    content = archive.take() + archive.close()
    manifest = {
        "query": {"sets": sets},
        "counts": dict.fromkeys(("articles", "annotation_sets", "annotators", "spans", "relations"), 0)
        | {"spans_by_label": {}},
        "labels": [],
        "files": [{"name": f"{sets}.jsonl", "format": "jsonl"}],
        "agreement": [],
        "card": "# Press",
        "cite": "Press.",
    }
    digest = hashlib.sha256(content).hexdigest()
    release = Release.objects.create(
        project=project, name=sets, by=by, manifest=manifest, sha256=digest, size=len(content)
    )
    ReleaseChunk.objects.create(release=release, number=0, content=content)
    return release
