"""What a desk tells of its reader is kept within what can be true."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from annotations import policies
from annotations.domain.errors import InvalidData, NotAllowed
from annotations.models import AnnotationSet, Project, Reading, User
from annotations.selectors.readings import Evidence, Pace, as_time, evidence_of_article, pace_by_annotator
from annotations.services.annotation_sets import move_set
from annotations.services.queue import renew_lease
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db

TEXT = "\n\n".join(f"Paragraph {number} of the article." for number in range(14))


@pytest.fixture
def people() -> dict[str, User]:
    return the_cast(a_project())


@pytest.fixture
def work(people: dict[str, User]) -> AnnotationSet:
    """Ben's work, begun ten minutes ago, in a project that asks for evidence."""
    Project.objects.update(reading_evidence=True)
    made = a_set(an_article(Project.objects.get(), TEXT), people["ben"])
    AnnotationSet.objects.update(started_at=timezone.now() - timedelta(minutes=10))
    return made


def tell(people: dict[str, User], work: AnnotationSet, seconds: int = 0, *ranges: tuple[int, int]) -> None:
    renew_lease(actor=people["ben"], annotation_set_id=work.pk, active_seconds=seconds, paragraphs=ranges)


def seconds() -> int:
    return AnnotationSet.objects.get().active_seconds


def test_time_adds_up_but_never_to_more_than_went_by(people: dict[str, User], work: AnnotationSet) -> None:
    tell(people, work, 60)
    tell(people, work, 45)
    assert seconds() == 105
    tell(people, work, 3_600)
    assert 600 <= seconds() <= 610
    for _time in range(3):
        tell(people, work, 3_600)
    assert 600 <= seconds() <= 610


def test_paragraphs_add_up_over_visits(people: dict[str, User], work: AnnotationSet) -> None:
    tell(people, work, 0, (0, 3))
    tell(people, work, 0, (2, 5), (9, 10))
    tell(people, work, 0, (9, 10))
    reading = Reading.objects.get()
    assert (reading.paragraphs, reading.total) == (((0, 5), (9, 10)), 14)


@pytest.mark.parametrize("ranges", [((13, 15),), ((3, 3),), ((5, 2),), ((0, 1),) * 1_001])
def test_a_paragraph_the_article_does_not_have_is_refused(
    people: dict[str, User], work: AnnotationSet, ranges: tuple[tuple[int, int], ...]
) -> None:
    with pytest.raises(InvalidData):
        tell(people, work, 10, *ranges)


def test_a_project_that_does_not_ask_keeps_no_paragraphs(people: dict[str, User], work: AnnotationSet) -> None:
    Project.objects.update(reading_evidence=False)
    tell(people, work, 10, (0, 3))
    assert (Reading.objects.count(), seconds()) == (0, 10)


def test_submitted_work_and_work_of_others_stay_as_they_are(people: dict[str, User], work: AnnotationSet) -> None:
    move_set(actor=people["ben"], annotation_set_id=work.pk, action="submit")
    tell(people, work, 10, (0, 3))
    assert (Reading.objects.count(), seconds()) == (0, 0)
    with pytest.raises(NotAllowed):
        renew_lease(actor=people["dora"], annotation_set_id=work.pk, active_seconds=10)


def test_a_reviewer_tells_read_and_nothing_to_mark_from_not_read(people: dict[str, User], work: AnnotationSet) -> None:
    a_span(work, "claim", (0, 10), (36, 45))
    a_span(work, "actor", (len(TEXT) - 8, len(TEXT) - 1))
    tell(people, work, 187, (0, 5))
    silent = a_set(work.article, people["chi"], "submitted")
    evidence = evidence_of_article(work.article, names=False)
    assert evidence == [
        Evidence(set_id=work.pk, name="annotator 1", active_seconds=187, read=5, total=14, unmarked=3, unread_marked=1),
        Evidence(
            set_id=silent.pk, name="annotator 2", active_seconds=0, read=None, total=14, unmarked=0, unread_marked=0
        ),
    ]
    assert evidence[0].active == "3:07"
    assert [each.name for each in evidence_of_article(work.article, names=True)] == ["ben", "chi"]


def test_pace_is_the_median_of_submitted_articles_for_those_who_review(people: dict[str, User]) -> None:
    project = Project.objects.get()
    for number, (name, time) in enumerate([("ben", 60), ("ben", 90), ("ben", 600), ("chi", 30), ("chi", 0)]):
        made = a_set(an_article(project, external_id=f"a{number}"), people[name], "submitted")
        AnnotationSet.objects.filter(pk=made.pk).update(active_seconds=time)
    dora = policies.check_member(user=people["dora"], slug="press")
    assert pace_by_annotator(dora) == [
        Pace(username="ben", articles=3, seconds=(75, 90, 345)),
        Pace(username="chi", articles=1, seconds=(30, 30, 30)),
    ]
    with pytest.raises(NotAllowed):
        pace_by_annotator(policies.check_member(user=people["ben"], slug="press"))


def test_times_are_written_as_people_read_them() -> None:
    assert [as_time(each) for each in (0, 59, 61, 3_600, 3_725)] == ["0:00", "0:59", "1:01", "1:00:00", "1:02:05"]
