"""Agreement of a project: what counts, what is kept, what is made anew, and what becomes a job."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from annotations.domain.errors import InvalidData, NotAllowed
from annotations.models import (
    AnnotationSet,
    Article,
    ArticleAgreement,
    Job,
    JobState,
    Membership,
    Project,
    SetState,
    User,
)
from annotations.policies import check_member
from annotations.services import agreement
from annotations.services.agreement import agreement_report, request_gamma
from annotations.services.changes import apply_changes
from annotations.services.entities import merge_entities, unmerge_entity
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from tests.factories import a_member, a_project, a_set, a_span, a_user, an_article, put_relation, put_span, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_reports() -> None:
    cache.clear()


def submitted(article: Article, user: User, *spans: tuple[str, tuple[int, int]], **columns: Any) -> AnnotationSet:
    own = a_set(article, user)
    for label, fragment in spans:
        a_span(own, label, fragment)
    AnnotationSet.objects.filter(pk=own.pk).update(state=SetState.SUBMITTED, submitted_at=timezone.now(), **columns)
    own.refresh_from_db()
    return own


def two_of_three(project: Project, external_id: str = "a1") -> Article:
    """Ben and Chi agree on two of the three spans that each of them has."""
    article = an_article(project, external_id=external_id)
    submitted(article, a_member(project, "ben"), ("actor", (26, 40)), ("location", (75, 79)), ("claim", (0, 20)))
    submitted(article, a_member(project, "chi"), ("actor", (26, 40)), ("location", (75, 79)), ("claim", (0, 22)))
    return article


def dora(project: Project) -> Membership:
    return check_member(user=a_member(project, "dora"), slug=project.slug)


def value(report: dict[str, Any] | None, measure: str, label: str | None = None) -> Any:
    assert report is not None
    return next(row[3] for row in report["rows"] if row[:3] == [measure, label, None])


def kept() -> dict[str, str]:
    return dict(ArticleAgreement.objects.filter(kind="counts").values_list("article__external_id", "fingerprint"))


def test_the_report_has_the_numbers_of_all_articles_that_two_submitted() -> None:
    project = a_project()
    two_of_three(project)
    alone = an_article(project, external_id="a2")
    submitted(alone, a_user("ben"), ("actor", (26, 40)))
    a_span(a_set(alone, a_user("chi")), "actor", (26, 40))
    report, job = agreement_report(member=dora(project))
    assert job is None
    assert report is not None
    assert (report["articles"], value(report, "f1_exact"), value(report, "f1_tolerant")) == (1, 2 / 3, 1)
    assert (value(report, "f1_exact", "claim"), value(report, "gamma")) == (0, None)


def test_what_is_kept_is_good_until_a_set_changes() -> None:
    project = a_project()
    first, second = two_of_three(project), two_of_three(project, "a2")
    agreement_report(member=dora(project))
    before = kept()
    AnnotationSet.objects.filter(article=first, annotator__username="ben").update(state=SetState.RETURNED)
    report, _ = agreement_report(member=dora(project))
    assert report is not None
    assert report["articles"] == 1
    own = AnnotationSet.objects.get(article=first, annotator__username="ben")
    a_span(own, "actor", (41, 44))
    AnnotationSet.objects.filter(pk=own.pk).update(state=SetState.SUBMITTED)
    report, _ = agreement_report(member=dora(project))
    after = kept()
    assert {key for key in after if after[key] != before[key]} == {first.external_id}
    assert value(report, "f1_exact") == pytest.approx((4 * 2) / (7 + 6))
    assert second.external_id in after


def test_articles_with_suggestions_are_apart() -> None:
    project = a_project()
    two_of_three(project)
    article = an_article(project, external_id="a2")
    submitted(article, a_user("ben"), ("actor", (26, 40)), suggestions_shown=True)
    submitted(article, a_user("chi"), ("actor", (26, 40)))
    usual, _ = agreement_report(member=dora(project))
    apart, _ = agreement_report(member=dora(project), shown=True)
    assert (value(usual, "f1_exact"), value(apart, "f1_exact")) == (2 / 3, 1)


def test_only_reviewers_and_managers_see_agreement() -> None:
    project = a_project(blind=False)
    cast = the_cast(project)
    two_of_three(project)
    for name in ("ben", "fay"):
        with pytest.raises(NotAllowed):
            agreement_report(member=check_member(user=cast[name], slug=project.slug))
    with pytest.raises(NotAllowed):
        request_gamma(member=check_member(user=cast["ben"], slug=project.slug))


def test_a_project_without_submitted_work_has_a_report_of_nothing() -> None:
    project = a_project()
    report, job = agreement_report(member=dora(project))
    assert (report and report["articles"], job, value(report, "f1_exact")) == (0, None, None)
    with pytest.raises(InvalidData):
        request_gamma(member=dora(project))


def test_a_large_project_is_a_job_with_its_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "AT_ONCE", 1)
    project = a_project()
    two_of_three(project)
    two_of_three(project, "a2")
    report, job = agreement_report(member=dora(project))
    assert report is None
    assert job is not None
    assert agreement_report(member=dora(project))[1] == job
    do_next_job(handlers=HANDLERS)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == (JobState.DONE, 4, 4)
    report, waiting = agreement_report(member=dora(project))
    assert (value(report, "f1_exact"), waiting) == (2 / 3, None)


def test_until_the_next_report_is_made_there_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "AT_ONCE", 0)
    project = a_project()
    two_of_three(project)
    agreement_report(member=dora(project))
    do_next_job(handlers=HANDLERS)
    two_of_three(project, "a2")
    report, job = agreement_report(member=dora(project))
    assert (report and report["articles"], job and job.state) == (1, JobState.WAITING)


def test_gamma_is_a_job_and_then_in_the_report() -> None:
    project = a_project()
    two_of_three(project)
    job = request_gamma(member=dora(project))
    assert request_gamma(member=dora(project)) == job
    do_next_job(handlers=HANDLERS)
    assert Job.objects.get().report == {"articles": 1, "of": 1}
    report, _ = agreement_report(member=dora(project))
    assert 0 < value(report, "gamma") < 1
    assert next(row for row in (report or {})["rows"] if row[0] == "gamma")[6:] == [1, 6]


def test_repeated_work_of_one_person_is_no_agreement_of_two() -> None:
    project = a_project()
    article = an_article(project)
    submitted(article, a_member(project, "ben"), ("actor", (26, 40)))
    again = AnnotationSet.objects.create(
        article=article, kind="annotator", annotator=a_user("ben"), state=SetState.SUBMITTED, round=1
    )
    report, _ = agreement_report(member=dora(project))
    assert (report and report["articles"], again.round) == (0, 1)


def test_two_entities_that_are_merged_are_one_in_statements() -> None:
    project = a_project()
    article = an_article(project)
    names = {}
    for who in ("ben", "chi"):
        own = a_set(article, a_member(project, who))
        claim, actor = put_span("claim", (0, 20), entity=f"Tax of {who}"), put_span("actor", (26, 40))
        link = put_relation("made_by", claim.object, actor.object)
        apply_changes(actor=a_user(who), annotation_set_id=own.pk, changes=[claim, actor, link])
        AnnotationSet.objects.filter(pk=own.pk).update(state=SetState.SUBMITTED, submitted_at=timezone.now())
        names[who] = project.entities.get(name=f"Tax of {who}")
    member = dora(project)

    def statements() -> Any:
        return value(agreement_report(member=member)[0], "statement_f1")

    assert statements() == 0
    merge_entities(member=member, entity_id=names["ben"].pk, into=names["chi"].pk)
    assert statements() == 1
    unmerge_entity(member=member, entity_id=names["ben"].pk)
    assert statements() == 0
