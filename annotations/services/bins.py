"""The bin: articles with all work on them leave their project, and whole projects leave everybody's sight; they come
back as they were, or are destroyed for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations import policies
from annotations.domain.errors import InvalidData, NotFound, StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import Article, AuditEntry, BinnedArticle, Membership, Project, User
from annotations.selectors.bins import Affected, ProjectContents, affected_by_binning, contents_of, projects_in_bin
from annotations.services import audit
from annotations.services.dictionary import learn_later

MOST: Final = 5_000


@transaction.atomic
def bin_articles(*, member: Membership, article_ids: Sequence[UUID]) -> UUID:
    """Put articles into the project's bin, with all work on them; the batch, by which `restore_batch` undoes it.

    Raises:
        NotAllowed: not a manager.
        InvalidData: none, or more than `MOST`.
        NotFound: an article that is not in the project.
    """
    policies.check_can_manage(member)
    wanted = sorted(set(article_ids))
    if not 0 < len(wanted) <= MOST:
        raise InvalidData(_("Choose from one article to %(most)d.") % {"most": MOST})
    if len(_locked(member.project_id, wanted)) < len(wanted):
        raise NotFound(_("There is no such article in the project."))
    wanted = _with_former(wanted)
    batch = uuid7()
    affected = affected_by_binning(wanted)
    away = _bin_of(member.project)
    BinnedArticle.objects.bulk_create(
        [BinnedArticle(article_id=key, project=member.project, batch=batch, by=member.user) for key in wanted]
    )
    _move(wanted, away, fewer=member.project.annotators_per_article - away.annotators_per_article)
    learn_later(project_id=member.project_id, article_ids=wanted)
    audit.record("articles.binned", actor=member.user, project=member.project, object=batch, **_counts(affected))
    return batch


@transaction.atomic
def restore_batch(*, member: Membership, batch: UUID) -> int:
    """Bring back what one action put into the bin; how many articles.

    Raises:
        NotAllowed: not a manager.
        NotFound: nothing of it is in the bin.
        StateRefused: articles with the same ids were imported meanwhile.
    """
    policies.check_can_manage(member)
    project = Project.objects.select_for_update(no_key=True).get(pk=member.project_id)
    binned = BinnedArticle.objects.filter(project=project, batch=batch)
    wanted = sorted(binned.values_list("article", flat=True))
    if not wanted:
        raise NotFound(_("There is nothing of this in the bin."))
    away = _bin_of(project)
    _locked(away.pk, wanted)
    taken = Article.objects.filter(project=project, superseded_by=None, external_id__in=_ids_of(wanted)).count()
    refusal = ngettext(
        "An article with the same id was imported meanwhile; it has to go into the bin first.",
        "%(n)d articles with the same ids were imported meanwhile; they have to go into the bin first.",
        taken,
    ) % {"n": taken}
    if taken:
        raise StateRefused(refusal)
    try:
        with transaction.atomic():
            _move(wanted, project, fewer=away.annotators_per_article - project.annotators_per_article)
    except IntegrityError:
        raise StateRefused(refusal) from None
    binned.delete()
    learn_later(project_id=project.pk, article_ids=wanted)
    audit.record("articles.restored", actor=member.user, project=project, object=batch, articles=len(wanted))
    return len(wanted)


@transaction.atomic
def bin_project(*, member: Membership) -> None:
    """Put the whole project into the bin.

    Its memberships end together, and with them every way in: pages, API, desk, queue, exports. What waits in browsers
    stays there. `restore_project` brings all back.

    Raises:
        NotAllowed: not a manager.
        NotFound: it went there meanwhile.
    """
    policies.check_can_manage(member)
    project = Project.objects.select_for_update(no_key=True).get(pk=member.project_id)
    if project.binned_at is not None:
        raise NotFound(_("There is no such project."))
    contents = contents_of(project)
    project.binned_at = timezone.now()
    project.save(update_fields=["binned_at"])
    audit.record("project.binned", actor=member.user, project=project, **contents.counts())
    Membership.objects.filter(project=project, removed_at=None).update(removed_at=project.binned_at)


@transaction.atomic
def restore_project(*, actor: User, slug: str) -> Project:
    """Bring a project back to all who were its members.

    Raises:
        NotFound: no such project in the bin of this person.
    """
    # Locked first: of two at once the second finds nothing any more.
    project = Project.objects.select_for_update(no_key=True).filter(slug=slug).first()
    if project is None or not projects_in_bin(actor).filter(project=project).exists():
        raise NotFound(_("There is no such project in your bin."))
    Membership.objects.filter(project=project, removed_at=project.binned_at).update(removed_at=None)
    project.binned_at = None
    project.save(update_fields=["binned_at"])
    audit.record("project.unbinned", actor=actor, project=project)
    return project


@transaction.atomic
def destroy_project(*, project: Project) -> ProjectContents:
    """Destroy all that is in a project, for the operator; there is no way back but a backup.

    Its name and what was done in it stay in the audit; its address is free again.

    Raises:
        StateRefused: it is not in the bin.
    """
    if project.binned_at is None:
        raise StateRefused(_("Only a project that is in the bin can be destroyed."))
    contents = contents_of(project)
    _let_go_of_the_log()
    for rows in _hanging_on(Project.objects.filter(Q(pk=project.pk) | Q(bin_of=project)), (AuditEntry,)):
        rows._raw_delete(rows.db)  # noqa: SLF001 - one statement a table, without loading the rows
    Project.objects.filter(bin_of=project)._raw_delete("default")  # noqa: SLF001
    Project.objects.filter(pk=project.pk).update(slug=f"destroyed-{project.pk.hex}")
    audit.record("bin.emptied", actor=None, project=project, object=project.slug, **contents.counts())
    return contents


@transaction.atomic
def empty_bin(*, project: Project) -> Affected:
    """Destroy what is in the project's bin, for the operator; there is no way back but a backup."""
    wanted = sorted(BinnedArticle.objects.filter(project=project).values_list("article", flat=True))
    affected = affected_by_binning(wanted)
    if wanted:
        _let_go_of_the_log()
        for rows in _hanging_on(Article.objects.filter(pk__in=wanted)):
            rows._raw_delete(rows.db)  # noqa: SLF001 - one statement a table, without loading the rows
        Article.objects.filter(pk__in=wanted)._raw_delete("default")  # noqa: SLF001
        audit.record("bin.emptied", actor=None, project=project, **_counts(affected))
    return affected


def _let_go_of_the_log() -> None:
    """Until the end of the transaction: the one key to the log of changes (migration 0009)."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL newsapp.purging = 'on'")


def _hanging_on(rows: models.QuerySet[Any], path: tuple[type[models.Model], ...] = ()) -> Iterator[Any]:
    """What refers to the rows, what refers to that first; references that may be empty are emptied instead."""
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: Any = relation.related_model
        if model in path or model is rows.model:
            continue
        found = model.objects.filter(**{f"{relation.field.name}__in": rows.values("pk")})
        if relation.on_delete is models.SET_NULL:
            found.update(**{relation.field.name: None})
            continue
        yield from _hanging_on(found, (*path, rows.model))
        yield found


def _locked(project_id: UUID, article_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the articles that are in the project and nothing was put in place of, locked in the order of all."""
    articles = Article.objects.filter(pk__in=article_ids, project=project_id, superseded_by=None)
    locked = articles.select_for_update(no_key=False).order_by("pk")
    return list(locked.values_list("pk", flat=True))


def _with_former(article_ids: Sequence[UUID]) -> list[UUID]:
    """The articles and the versions they were put in place of, which nobody sees without them."""
    found, last = set(article_ids), set(article_ids)
    while last:
        last = set(Article.objects.filter(superseded_by__in=last).values_list("pk", flat=True)) - found
        found |= last
    return sorted(found)


def _bin_of(project: Project) -> Project:
    """The project behind the project that holds its binned articles; it has no members, so nobody gets there."""
    away, _made = Project.objects.get_or_create(
        bin_of=project,
        defaults={
            "slug": f"bin-{project.pk.hex}",
            "name": project.name,
            "annotators_per_article": project.annotators_per_article,
            "blind": project.blind,
        },
    )
    return away


def _move(article_ids: Sequence[UUID], project: Project, *, fewer: int) -> None:
    """The places that are open follow the number of annotators of the project the articles are in."""
    Article.objects.filter(pk__in=article_ids).update(project=project, open_slots=F("open_slots") - fewer)


def _ids_of(article_ids: Sequence[UUID]) -> list[str]:
    return list(Article.objects.filter(pk__in=article_ids).values_list("external_id", flat=True))


def _counts(affected: Affected) -> dict[str, Any]:
    names = ("articles", "sets", "submitted", "gold_done", "spans", "decisions")
    return {name: value for name in names if (value := getattr(affected, name))}
