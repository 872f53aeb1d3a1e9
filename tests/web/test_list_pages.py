"""Long lists come in pages by keyset: every row once, in order, forwards and backwards."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.domain.errors import InvalidData
from annotations.models import Article, Project
from annotations.web.pages import Page, page_of
from tests.factories import a_project, an_article

pytestmark = pytest.mark.django_db


def turn(query: str, *, size: int, descending: bool) -> Page[Article]:
    request = RequestFactory().get(f"/{query}")
    return page_of(request, Article.objects.all(), ("priority", "external_id"), descending=descending, size=size)


def ids(page: Page[Article]) -> list[str]:
    return [article.external_id for article in page.rows]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(priorities=st.lists(st.integers(0, 2), max_size=7), size=st.integers(1, 4), descending=st.booleans())
def test_turning_the_pages_shows_every_row_once_in_order(priorities: list[int], size: int, *, descending: bool) -> None:
    Article.objects.all().delete()
    project = Project.objects.first() or a_project()
    for number, priority in enumerate(priorities):
        an_article(project, external_id=f"a{number}", priority=priority)
    wanted = sorted(((priority, f"a{number}") for number, priority in enumerate(priorities)), reverse=descending)
    seen, query, pages = [], "", []
    while True:
        page = turn(query, size=size, descending=descending)
        pages.append(ids(page))
        seen += ids(page)
        query = page.next
        if not query:
            break
    assert seen == [key for _priority, key in wanted]
    for before in reversed(pages[:-1]):
        page = turn(page.previous, size=size, descending=descending)
        assert ids(page) == before
    assert page.previous == ""


def test_the_filters_stay_in_the_address_of_the_next_page() -> None:
    project = a_project()
    for number in range(2):
        an_article(project, external_id=f"a{number}")
    page = turn("?state=new&search=a%20b", size=1, descending=False)
    asked = parse_qs(page.next.lstrip("?"))
    assert (asked["state"], asked["search"], sorted(asked)) == (["new"], ["a b"], ["after", "search", "state"])


@pytest.mark.parametrize("cursor", ["guess", "W10=", "WzEsMiwzXQ==", "WyJ4IiwgIngiXQ==", "eyJhIjoxfQ==", "é", "=="])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidData):
        turn(f"?after={cursor}", size=1, descending=False)
