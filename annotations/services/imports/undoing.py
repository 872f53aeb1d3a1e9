"""Take an import back, as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.domain.errors import StateRefused
from annotations.models import (
    Article,
    ArticleAgreement,
    ArticleOpening,
    Disagreement,
    ImportedArticle,
    Job,
    LearntPhrase,
    Membership,
    Project,
    TextSketch,
)
from annotations.selectors.imports import import_of, what_prevents_undo
from annotations.services import audit
from annotations.services.dictionary import learn_later
from annotations.services.disagreements import refresh_many
from annotations.services.imports.near_copies import mend_clusters, restore_sketches
from annotations.services.imports.rows import published_on

_SETS: Final = """
SELECT s.id FROM annotations_annotationset s
  JOIN annotations_change c ON c.annotation_set_id = s.id AND c.revision = 1 AND c.batch = %(job)s
 WHERE s.article_id IN (SELECT article_id FROM annotations_importedarticle WHERE job_id = %(job)s)
"""
# In the order of their foreign keys, the other way round.
_DELETIONS: Final = (
    "DELETE FROM annotations_relation WHERE annotation_set_id = ANY(%(sets)s)",
    "DELETE FROM annotations_span WHERE annotation_set_id = ANY(%(sets)s)",
    "DELETE FROM annotations_change WHERE annotation_set_id = ANY(%(sets)s)",
    "DELETE FROM annotations_decision WHERE batch = %(job)s AND kind = 'import'",
    "DELETE FROM annotations_annotationset WHERE id = ANY(%(sets)s)",
)


def undo_import(*, member: Membership, job_id: UUID) -> Job:
    """Remove the articles and annotation sets that an import brought, and give articles it changed back their details.

    Labels, entities and accounts that it added stay: others may use them by now.

    Raises:
        NotFound, NotAllowed: no such import, or not a manager.
        StateRefused: with a sentence that says what was built on it, or that it is undone already.
    """
    import_of(member, job_id)
    try:
        with transaction.atomic():
            Project.objects.select_for_update(no_key=True).get(pk=member.project_id)
            job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
            imported = list(job.imported.order_by("-pk").values_list("article", "before"))
            articles = sorted({key for key, _before in imported})
            # Who labels or reviews one of these articles now comes before or after this.
            list(Article.objects.select_for_update().filter(pk__in=articles).order_by("pk").values_list("pk"))
            if reason := what_prevents_undo(job):
                raise StateRefused(reason)
            created = {key for key, before in imported if before is None or "version_of" in before}
            corrected = list(Article.objects.filter(superseded_by__in=created).values_list("pk", flat=True))
            _remove_sets(job)
            for key, before in imported:
                if before is not None and key not in created:
                    _restore(key, before)
            found = Article.objects.filter(pk__in=created).values_list("cluster", flat=True).distinct()
            clusters = {cluster for cluster in found if cluster is not None}
            _remove_articles(job, sorted(created))
            # The key to the new version is checked at the end: the id is free again now.
            Article.objects.filter(pk__in=corrected).update(superseded_by=None)
            restore_sketches(member.project, corrected)
            mend_clusters(member.project, clusters)
            changed = [key for key in articles if key not in created]
            refresh_many(article_ids=changed)
            learn_later(project_id=member.project_id, article_ids=changed)
            job.arguments |= {"undone": {"by": member.user.username, "at": timezone.now().isoformat()}}
            job.save(update_fields=["arguments"])
            audit.record(
                "import.undone", actor=member.user, project=member.project, object=job.pk, articles=len(created)
            )
            with connection.cursor() as cursor:  # what still refers to it is to be told here, not at the commit
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError as error:
        raise StateRefused(_("Somebody has begun to work with these articles; the import stays.")) from error
    return job


def _remove_sets(job: Job) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SETS, {"job": job.pk})
        sets = [key for (key,) in cursor.fetchall()]
        # The log is append-only but for the lines of the import that is named here (see the trigger).
        cursor.execute("SELECT set_config('newsapp.undone_import', %s, true)", [str(job.pk)])
        for statement in _DELETIONS:
            cursor.execute(statement, {"sets": sets, "job": job.pk})
        cursor.execute("SELECT set_config('newsapp.undone_import', '', true)")


def _remove_articles(job: Job, created: Sequence[UUID]) -> None:
    for table in (Disagreement, ArticleOpening, ArticleAgreement, LearntPhrase, TextSketch):
        table.objects.filter(article__in=created).delete()
    ImportedArticle.objects.filter(job=job).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM annotations_article WHERE id = ANY(%s)", [list(created)])


def _restore(article_id: UUID, before: dict[str, Any]) -> None:
    columns: dict[str, Any] = dict(before["columns"])
    if "published_at" in columns:
        columns["published_on"] = published_on(columns["published_at"])
    Article.objects.filter(pk=article_id).update(**columns, open_slots=F("open_slots") + before["slots"])
