"""The overview tells a manager what is left, how fast it goes and how the queue is; each figure opens its list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.domain.errors import NotAllowed
from annotations.models import AnnotationSet, Membership, Project, User
from annotations.selectors.dashboard import SHOWN, dashboard_of
from annotations.selectors.overlap import exactness_of
from annotations.services.annotation_sets import flag_set, move_set
from annotations.services.queue import claim_next_article
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    """Four articles for two each: Ben has submitted one and skipped one, Chi has one in hand that nobody touches."""
    project: Project = factories.a_project()
    people = factories.the_cast(project)
    for number in range(4):
        factories.an_article(project, external_id=f"a{number}", title=f"Article {number}")
    for action, reason in (("submit", ""), ("skip", "An advert.")):
        claim = claim_next_article(actor=people["ben"], slug="press")
        assert claim is not None
        move_set(actor=people["ben"], annotation_set_id=claim.pk, action=action, reason=reason)
    claim = claim_next_article(actor=people["chi"], slug="press")
    assert claim is not None
    flag_set(actor=people["chi"], annotation_set_id=claim.pk, reason="Twice the same.")
    AnnotationSet.objects.filter(pk=claim.pk).update(lease_expires_at=timezone.now() - timedelta(hours=1))
    return people


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def test_what_is_left_and_how_the_queue_is(people: dict[str, User]) -> None:
    found = dashboard_of(member("ada"))
    assert (found.left, found.recent, found.flags) == (7, 1, 1)
    assert found.end == timezone.localdate() + timedelta(days=98)
    assert {name: count for name, count in found.counts.items() if count} == {
        "waiting": 3,
        "expired": 1,
        "skipped": 1,
        "submitted": 1,
    }
    with pytest.raises(NotAllowed):
        dashboard_of(member("dora"))


def test_there_is_no_forecast_where_nothing_was_submitted_lately(people: dict[str, User]) -> None:
    AnnotationSet.objects.update(submitted_at=timezone.now() - timedelta(days=15))
    found = dashboard_of(member("ada"))
    assert (found.recent, found.end) == (0, None)


def test_each_figure_opens_what_it_counts(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["ada"])
    counts = dashboard_of(member("ada")).counts
    for name in SHOWN:
        page = client.get(reverse("queue", args=["press"]), {"show": name}).context["page"]
        assert page.paginator.count == counts[name]
    assert client.get(reverse("queue", args=["press"]), {"show": "nothing"}).status_code == 400
    home = client.get(reverse("project", args=["press"])).content.decode()
    assert "7 submissions are still to come" in home
    assert f"{reverse('questions', args=['press'])}?kind=flag" in home


def test_agreement_comes_as_a_part_of_the_overview(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["dora"])
    part = client.get(reverse("agreement-now", args=["press"]), headers={"HX-Request": "true"}).content.decode()
    assert "No article has been submitted by two annotators yet." in part
    assert reverse("agreement-now", args=["press"]) in client.get(reverse("project", args=["press"])).content.decode()
    client.force_login(people["ben"])
    own = client.get(reverse("project", args=["press"])).content.decode()
    assert "still to come" not in own
    assert reverse("agreement-now", args=["press"]) not in own


def test_the_interval_says_how_many_articles_more_it_takes() -> None:
    row = ["f1_exact", None, None, 0.7, 0.6, 0.8, 20, 300]
    found = exactness_of({"rows": [["f1_exact", "actor", None, 0.9, 0.8, 1.0, 20, 9], row]})
    assert found is not None
    assert (found.articles, round(found.half_width, 2), found.more) == (20, 0.1, 60)
    assert exactness_of({"rows": []}) is None
    assert exactness_of(None) is None
