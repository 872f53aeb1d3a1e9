"""The desk's page: who sees what, and what HTMX gets."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from annotations.models import AnnotationSet, ArticleOpening, Comment, CommentKind, SetState, User
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db

HOSTILE = 'Oslo <script>alert(1)</script> said: "a & b" 😀'


@pytest.fixture
def cast() -> dict[str, User]:
    return the_cast(a_project())


@pytest.fixture
def work(cast: dict[str, User]) -> AnnotationSet:
    project = cast["ben"].memberships.get().project
    return a_set(an_article(project, HOSTILE, title="A <b>title</b>"), cast["ben"])


def page_for(user: User, work: AnnotationSet, **headers: str) -> tuple[int, str]:
    client = Client(headers=headers)
    client.force_login(user)
    response = client.get(f"/desk/{work.pk}/")
    return response.status_code, response.content.decode()


def test_ben_gets_his_article_to_label(cast: dict[str, User], work: AnnotationSet) -> None:
    span = a_span(work, "actor", (0, 4), note='"><i>')
    status, html = page_for(cast["ben"], work)
    assert status == 200
    assert f'data-s="{span.pk}" data-l="a" data-b="Actor">Oslo</span> &lt;script&gt;alert(1)&lt;/script&gt;' in html
    assert "A &lt;b&gt;title&lt;/b&gt;" in html
    assert 'data-note="&quot;&gt;&lt;i&gt;"' in html
    assert 'id="labels"' in html
    assert "saved · 1 span<" in html


def test_nothing_is_inline(cast: dict[str, User], work: AnnotationSet) -> None:
    _status, html = page_for(cast["ben"], work)
    assert re.findall(r"\s(?:style|on[a-z]+)=", html) == []
    assert re.findall(r"<style|javascript:", html) == []
    scripts = re.findall(r"<script([^>]*)>", html)
    assert [each for each in scripts if "src=" not in each and 'type="application/json"' not in each] == []


@pytest.mark.parametrize(("name", "status"), [("ada", 200), ("chi", 404), ("dora", 200), ("fay", 404), ("eve", 404)])
def test_others_see_it_as_their_role_says_and_cannot_edit_it(
    cast: dict[str, User], work: AnnotationSet, name: str, status: int
) -> None:
    found, html = page_for(cast[name], work)
    assert found == status
    assert 'id="labels"' not in html
    assert 'data-send="submit"' not in html
    assert ArticleOpening.objects.filter(user=cast[name]).exists() == (status == 200)


def test_a_person_who_is_not_signed_in_is_asked_to(work: AnnotationSet) -> None:
    response = Client().get(f"/desk/{work.pk}/")
    assert (response.status_code, response["Location"]) == (302, f"/sign-in/?next=/desk/{work.pk}/")


def test_submitted_work_can_be_read_and_reopened(cast: dict[str, User], work: AnnotationSet) -> None:
    AnnotationSet.objects.filter(pk=work.pk).update(state=SetState.SUBMITTED)
    _status, html = page_for(cast["ben"], work)
    assert 'id="labels"' not in html
    assert f'action="/annotation-sets/{work.pk}/reopen/"' in html


def test_returned_work_says_why(cast: dict[str, User], work: AnnotationSet) -> None:
    AnnotationSet.objects.filter(pk=work.pk).update(state=SetState.RETURNED)
    Comment.objects.create(
        annotation_set=work, kind=CommentKind.RETURN, text="Look at <b>Oslo</b>", author=cast["dora"]
    )
    _status, html = page_for(cast["ben"], work)
    assert "A reviewer gave this back: Look at &lt;b&gt;Oslo&lt;/b&gt;" in html
    assert 'id="labels"' in html


def test_htmx_gets_text_and_list_anew(cast: dict[str, User], work: AnnotationSet) -> None:
    a_span(work, "actor", (0, 4))
    status, html = page_for(cast["ben"], work, HX_Request="true")
    assert status == 200
    assert html.startswith('<div id="text" hx-swap-oob="innerHTML"><p id="p0"')
    assert '{"revision": 1, "results": []}' in html
    assert "<html" not in html


def test_a_place_in_the_list_must_be_a_number(cast: dict[str, User], work: AnnotationSet) -> None:
    client = Client()
    client.force_login(cast["ben"])
    assert client.get(f"/desk/{work.pk}/?from=x").status_code == 400
    assert client.get(f"/desk/{work.pk}/?from=-3&label=nothing").status_code == 200
