"""Count agreement: what each article adds is kept until its submitted sets change, and a report is made of all.

What takes longer than a request is a job: large projects, and gamma, which costs seconds an article.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import batched
from typing import Any, Final

import orjson
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.models import ArticleAgreement, Entity, Job, JobState, Label, Membership, Project, Span
from annotations.selectors.agreement import (
    COUNTS,
    GAMMA,
    Counted,
    articles_counted,
    digest_of,
    kept_fingerprints,
    kept_payloads,
    label_keys,
    meant_entities,
    submitted_on,
)
from annotations.services.jobs import Progress, enqueue_job
from annotations.services.processes import PROCESSES, in_order

AT_ONCE: Final = 300
"""So many articles are counted while somebody waits; more are a job."""
AT_HAND: Final = 1_000
"""Of so many articles a report is made while somebody waits."""
GAMMA_ARTICLES: Final = 200
"""Gamma is computed for so many articles of a project at most; N says how many they are."""
_CHUNK: Final = 100
_ALONE: Final = 3
_KEEP: Final = 3_600

type Report = dict[str, Any]
"""What `domain.agreement.reports.report_of` makes, with `digest` and `at` (ISO 8601)."""


def agreement_report(*, member: Membership, shown: bool = False) -> tuple[Report | None, Job | None]:
    """The report of a project as it is now; with `shown`, of the articles on which suggestions were seen.

    In a large project it may be that of an earlier state, or none, with the job that makes it anew.

    Raises:
        NotAllowed: for reviewers and managers only.
    """
    policies.check_can_review(member)
    project = member.project
    articles = articles_counted(project, shown=shown)
    digest = _digest(project, articles, shown=shown)
    report = cache.get(digest) or _of_last_job(project, digest)
    if report is None and len(articles) <= AT_HAND and len(_uncounted(project, articles)) <= AT_ONCE:
        report = _made(project, articles, digest)
    if report is not None:
        cache.set(digest, report, _KEEP)
        return report, None
    job = enqueue_job(kind="agreement", project=project, by=member.user, arguments={"shown": shown}, alone=True)
    return _of_last_job(project, None, shown=shown), job


def report_now(*, project: Project) -> Report:
    """The report of a project as it is now, however long that takes: for jobs and commands."""
    articles = articles_counted(project)
    digest = _digest(project, articles, shown=False)
    found: Report | None = cache.get(digest)
    return found or _made(project, articles, digest)


def request_agreement(*, member: Membership) -> Job:
    """Put the job down that counts agreement, where a page or an address would not wait for it.

    Raises:
        NotAllowed: for reviewers and managers only.
    """
    policies.check_can_review(member)
    return enqueue_job(kind="agreement", project=member.project, by=member.user, arguments={"shown": False}, alone=True)


def request_gamma(*, member: Membership) -> Job:
    """Put the job down that computes gamma.

    Raises:
        NotAllowed: for reviewers and managers only.
        InvalidData: there is nothing to compute it of.
    """
    policies.check_can_review(member)
    if not articles_counted(member.project):
        raise InvalidData(_("No article has been submitted by two annotators yet."))
    return enqueue_job(kind="gamma", project=member.project, by=member.user, alone=True)


def count_agreement(job: Job, progress: Progress) -> Report:
    """The job of large projects: count what has changed, on two processors, and make the report."""
    project = _project(job)
    shown = bool(job.arguments.get("shown"))
    articles = articles_counted(project, shown=shown)
    missing = _uncounted(project, articles)
    total = len(articles) + len(missing)
    _count(project, missing, lambda done: progress(done, total))
    digest = _digest(project, articles, shown=shown)
    report = _made(project, articles, digest)
    progress(total, total)
    return report | {"shown": shown}


def compute_gamma(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The job of gamma: of each article alone, best alignment against chance; what is kept stays good until it changes.

    Of a project with more than `GAMMA_ARTICLES` those are taken that come first by the fingerprints of their sets,
    which have nothing to do with what is in them.
    """
    project = _project(job)
    articles = articles_counted(project)
    chosen = sorted(articles, key=lambda article: article.fingerprint)[:GAMMA_ARTICLES]
    kept = kept_fingerprints(project, GAMMA)
    missing = [article for article in chosen if kept.get(article.id) != article.fingerprint]
    from annotations.domain.agreement.reports import gamma_in

    done = len(chosen) - len(missing)
    progress(done, len(chosen))
    chunks = batched(missing, _CHUNK)
    works = (work for chunk in chunks for work in submitted_on([each.id for each in chunk], {}).submitted())
    for article, value in zip(missing, in_order(gamma_in, works, alone=len(missing) <= PROCESSES), strict=True):
        _keep(GAMMA, [article], [orjson.dumps({"gamma": value}).decode()])
        done += 1
        progress(done, len(chosen))
    return {"articles": len(chosen), "of": len(articles)}


def _project(job: Job) -> Project:
    if job.project is None:
        raise InvalidData(_("Agreement is counted in a project."))
    return job.project


def _digest(project: Project, articles: Sequence[Counted], *, shown: bool) -> str:
    gammas = kept_fingerprints(project, GAMMA)
    names = list(Label.objects.filter(project=project).order_by("position", "pk").values_list("key", flat=True))
    meant = sorted(meant_entities(project).items())
    return digest_of(articles, project.pk, shown, names, sorted(gammas.items()), meant)


def forget_counts(*, entity: Entity) -> None:
    """What is kept of articles with mentions of an entity, or of one merged into it, is no more right: it is merged
    into another, or was.
    """
    merged = [key for key, meant in meant_entities(entity.project).items() if meant == str(entity.pk)]
    mentions = Span.objects.filter(entity__in=[entity.pk, *merged]).order_by()
    articles = mentions.values("annotation_set__article")
    ArticleAgreement.objects.filter(kind=COUNTS, article__in=articles).delete()


def _of_last_job(project: Project, digest: str | None, *, shown: bool = False) -> Report | None:
    """The report that the last job made: of this digest, or whatever it is of."""
    jobs = Job.objects.filter(project=project, kind="agreement", state=JobState.DONE)
    jobs = jobs.filter(report__digest=digest) if digest else jobs.filter(report__shown=shown)
    found = jobs.order_by("-created_at").values_list("report", flat=True).first()
    return found or None


def _uncounted(project: Project, articles: Sequence[Counted]) -> list[Counted]:
    kept = kept_fingerprints(project, COUNTS)
    return [article for article in articles if kept.get(article.id) != article.fingerprint]


def _made(project: Project, articles: Sequence[Counted], digest: str) -> Report:
    from annotations.domain.agreement.reports import report_of

    _count(project, _uncounted(project, articles), lambda _done: None)
    labels = list(Label.objects.filter(project=project).order_by("position", "pk").values_list("key", flat=True))
    report = report_of(
        kept_payloads(articles, COUNTS),
        labels=labels,
        days=[article.submitted_at.date() for article in articles],
        gammas=[payload["gamma"] for payload in kept_payloads(articles, GAMMA)],
    )
    return report | {"digest": digest, "at": timezone.now().isoformat()}


def _count(project: Project, articles: Sequence[Counted], told: Callable[[int], None]) -> None:
    """Count articles and keep what they add, a hundred at a time."""
    from annotations.domain.agreement.reports import counts_in

    order = label_keys(project)
    done = 0
    chunks = list(batched(articles, _CHUNK))
    meant = meant_entities(project)
    works = ((submitted_on([article.id for article in chunk], meant), order) for chunk in chunks)
    for chunk, found in zip(chunks, in_order(counts_in, works, alone=len(chunks) <= _ALONE), strict=True):
        _keep(COUNTS, chunk, found)
        done += len(chunk)
        told(done)


_KEPT: Final = """
INSERT INTO annotations_articleagreement (article_id, kind, fingerprint, payload, at)
SELECT article, %(kind)s, fingerprint, payload::jsonb, now()
  FROM unnest(%(articles)s::uuid[], %(fingerprints)s::text[], %(payloads)s::text[]) f(article, fingerprint, payload)
  -- an article that is deleted meanwhile has nothing to keep
  JOIN annotations_article a ON a.id = article
ON CONFLICT (article_id, kind)
DO UPDATE SET fingerprint = excluded.fingerprint, payload = excluded.payload, at = excluded.at
"""


def _keep(kind: str, articles: Sequence[Counted], payloads: Sequence[str]) -> None:
    """Keep what was found (JSON) of each of the articles."""
    with connection.cursor() as cursor:
        cursor.execute(
            _KEPT,
            {
                "kind": kind,
                "articles": [article.id for article in articles],
                "fingerprints": [article.fingerprint for article in articles],
                "payloads": list(payloads),
            },
        )
