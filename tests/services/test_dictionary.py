"""What the project learns from submitted work, and what it keeps from whom."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from annotations.models import AnnotationSet, Article, Job, JobState, LearntPhrase, Project, User
from annotations.selectors.dictionary import dictionary_for, entries_of
from annotations.services.annotation_sets import move_set
from annotations.services.imports import import_documents
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from annotations.suggesters.phrases import Entry
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = pytest.mark.django_db

TEXT = "Ingrid Solheim met Oslo dockers. Solheim left Oslo, said Ingrid Solheim."


@pytest.fixture
def project() -> Project:
    return a_project()


def submitted(article: Article, user: User, *spans: tuple[str, tuple[int, int]]) -> AnnotationSet:
    work = a_set(article, user)
    for label, fragment in spans:
        a_span(work, label, fragment)
    move_set(actor=user, annotation_set_id=work.pk, action="submit")
    work_off()
    return work


def work_off() -> None:
    """What the worker does."""
    while job := do_next_job(handlers=HANDLERS):
        assert (job.state, job.error) == (JobState.DONE, "")


def entry(phrase: str, label: str, labelled: int, occurrences: int) -> Entry:
    return Entry(phrase=phrase, label=label, labelled=labelled, occurrences=occurrences)


def test_submitted_work_teaches_how_often_a_phrase_is_labelled(project: Project) -> None:
    submitted(an_article(project, TEXT), a_member(project, "ben"), ("actor", (0, 14)), ("location", (19, 23)))
    assert entries_of(project.pk, None) == [entry("Ingrid Solheim", "actor", 1, 2), entry("Oslo", "location", 1, 2)]


def test_only_what_stands_in_a_text_is_looked_up(project: Project) -> None:
    submitted(an_article(project, TEXT), a_member(project, "ben"), ("actor", (0, 14)), ("location", (19, 23)))
    assert entries_of(project.pk, "Nobody  in Oslo\nsaw her.") == [entry("Oslo", "location", 1, 2)]
    long = "Oslo " * 3000
    assert [each.phrase for each in entries_of(project.pk, long)] == ["Ingrid Solheim", "Oslo"]


def test_work_that_is_reopened_is_forgotten(project: Project) -> None:
    ben = a_member(project, "ben")
    work = submitted(an_article(project, TEXT), ben, ("actor", (0, 14)))
    move_set(actor=ben, annotation_set_id=work.pk, action="reopen")
    assert not LearntPhrase.objects.exists()


def test_the_work_of_two_on_an_article_adds_up(project: Project) -> None:
    article = an_article(project, TEXT)
    submitted(article, a_member(project, "ben"), ("actor", (0, 14)), ("actor", (57, 71)))
    submitted(article, a_member(project, "chi"), ("location", (19, 23)))
    assert entries_of(project.pk, None) == [entry("Ingrid Solheim", "actor", 2, 4), entry("Oslo", "location", 1, 4)]


def test_what_was_labelled_in_an_article_or_a_copy_is_not_told_to_who_labels_it(project: Project) -> None:
    ben, cluster = a_member(project, "ben"), uuid4()
    article = an_article(project, TEXT, "one", cluster=cluster)
    same, near = an_article(project, TEXT, "same"), an_article(project, TEXT + " ", "near", cluster=cluster)
    other = an_article(project, TEXT + " More.", "other")
    for one in (article, same, near):
        submitted(one, ben, ("actor", (0, 14)))
    assert [len(dictionary_for(each)) for each in (article, same, near, other)] == [0, 0, 0, 1]


def test_a_known_phrase_that_later_work_leaves_out_counts_against_it(project: Project) -> None:
    ben = a_member(project, "ben")
    submitted(an_article(project, TEXT, "one"), ben, ("location", (19, 23)), ("location", (46, 50)))
    submitted(an_article(project, "Oslo waits. Oslo, too.", "two"), ben, ("actor", (12, 16)))
    assert entries_of(project.pk, "Oslo") == [entry("Oslo", "actor", 1, 2), entry("Oslo", "location", 2, 4)]


def test_learning_everything_again_counts_in_earlier_articles_too(project: Project) -> None:
    ben = a_member(project, "ben")
    submitted(an_article(project, "Oslo waits.", "one"), ben, ("claim", (5, 10)))
    submitted(an_article(project, TEXT, "two"), ben, ("location", (19, 23)))
    assert entries_of(project.pk, "Oslo") == [entry("Oslo", "location", 1, 2)]
    call_command("learn_dictionary", "press", stdout=(said := io.StringIO()))
    assert said.getvalue() == "Learnt from 2 articles.\n"
    assert entries_of(project.pk, "Oslo") == [entry("Oslo", "location", 1, 3)]


def test_submitted_work_of_an_import_teaches_too(project: Project) -> None:
    ada = a_member(project, "ada")
    line = {
        "id": "one",
        "text": TEXT,
        "annotation_sets": [
            {"kind": "annotator", "annotator": "ben", "spans": [{"id": "s", "label": "actor", "fragments": [[0, 14]]}]},
            {"kind": "suggestion", "source": "x", "spans": [{"id": "s", "label": "location", "fragments": [[19, 23]]}]},
        ],
    }
    stream = io.BytesIO(json.dumps(line).encode())
    import_documents(actor=ada, project=project, stream=stream, format="jsonl")
    work_off()
    assert entries_of(project.pk, None) == [entry("Ingrid Solheim", "actor", 1, 2)]


def test_many_submissions_before_the_worker_comes_are_one_job(project: Project) -> None:
    ben = a_member(project, "ben")
    for number in range(3):
        work = a_set(an_article(project, TEXT, f"a{number}"), ben)
        a_span(work, "actor", (0, 14))
        move_set(actor=ben, annotation_set_id=work.pk, action="submit")
    assert [len(job.arguments["articles"]) for job in Job.objects.all()] == [3]
    work_off()
    assert entries_of(project.pk, None) == [entry("Ingrid Solheim", "actor", 3, 6)]


def test_a_project_that_is_none_is_said() -> None:
    with pytest.raises(CommandError, match="no project “harbour”"):
        call_command("learn_dictionary", "harbour")
