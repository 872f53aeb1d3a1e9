"""The demo project is loaded once, whole, and keeps every promise of the data."""

from __future__ import annotations

import pytest

from annotations.models import AnnotationSet, Disagreement, Membership, Project, SetKind, User
from annotations.selectors.verification import differences
from annotations.services.demo import load_demo

pytestmark = pytest.mark.django_db


def test_the_demo_has_its_people_articles_and_disagreements() -> None:
    assert load_demo(password="a-long-password") is True
    project = Project.objects.get(slug="demo")
    assert project.articles.count() == 12
    assert dict(Membership.objects.values_list("user__username", "role")) == {
        "ada": "manager", "ben": "annotator", "chi": "annotator", "dora": "reviewer",
    }  # fmt: skip
    assert all(user.check_password("a-long-password") for user in User.objects.all())
    assert AnnotationSet.objects.filter(kind=SetKind.GOLD, state="done").count() == 2
    assert Disagreement.objects.filter(state="open", unanimous=False).count() >= 25
    assert project.guideline_versions.get().number == 1
    assert list(differences()) == []


def test_it_is_not_loaded_over_anything_that_is_there() -> None:
    User.objects.create_user("somebody")
    assert load_demo(password="a-long-password") is False
    assert not Project.objects.exists()
