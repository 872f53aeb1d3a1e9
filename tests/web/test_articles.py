"""Pages of articles: the list with filters, one article, its history."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Article, ArticleOpening, Project, User
from annotations.web.pages import SIZE
from tests.factories import TEXT, a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def shown(username: str, name: str, *args: object, query: str = "", **headers: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=username))
    response = client.get(reverse(name, args=args) + query, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def a_labelled_article(project: Project) -> Article:
    article = an_article(project, title="Port of Brevik reopens", outlet="The Coast Courier")
    for name in ("ben", "chi"):
        a_span(a_set(article, User.objects.get(username=name)), "actor", (26, 40), note=f"note of {name}")
    return article


def test_the_list_can_be_searched_and_filtered(project: Project) -> None:
    a_labelled_article(project)
    an_article(project, title="Ferry", external_id="a2", outlet="Herald")
    for query, found in (
        ("?search=brevik", {"Port of Brevik reopens", "Ferry"}),  # the text of both names the Brevik Dockers' Union
        ("?search=reopens", {"Port of Brevik reopens"}),
        ("?outlet=Herald", {"Ferry"}),
        ("?state=in_progress", {"Port of Brevik reopens"}),
        ("?published_after=2020-01-01", set()),
    ):
        page = shown("dora", "articles", "press", query=query)
        assert {title for title in ("Port of Brevik reopens", "Ferry") if title in page} == found


def test_a_filter_that_is_no_date_is_said_and_lists_everything(project: Project) -> None:
    an_article(project, title="Ferry")
    page = shown("dora", "articles", "press", query="?published_after=yesterday")
    assert "Enter a valid date." in page
    assert "Ferry" in page


def test_htmx_gets_the_list_alone(project: Project) -> None:
    an_article(project, title="Ferry")
    part = shown("dora", "articles", "press", **{"HX-Request": "true"})
    assert "Ferry" in part
    assert "<html" not in part


def test_long_lists_have_a_next_page(project: Project) -> None:
    for number in range(SIZE + 1):
        an_article(project, external_id=f"a{number:03}")
    first = shown("dora", "articles", "press")
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first


def test_empty_lists_say_what_to_do_next(project: Project) -> None:
    assert "Import them from JSON Lines" in shown("ada", "articles", "press")
    assert "A manager of the project imports them." in shown("dora", "articles", "press")
    assert "The queue gives you the next one." in shown("ben", "articles", "press")
    assert "Use fewer or other words" in shown("dora", "articles", "press", query="?search=nothing")


def test_a_blind_annotator_opens_only_articles_of_the_own_queue(project: Project) -> None:
    article = an_article(project, title="Ferry")
    client = Client()
    client.force_login(User.objects.get(username="ben"))
    assert "Ferry" not in shown("ben", "articles", "press")
    for name in ("article", "article-history"):
        assert client.get(reverse(name, args=[article.pk])).status_code == 404


def test_the_page_of_an_article_names_the_sets_one_may_see(project: Project) -> None:
    article = a_labelled_article(project)
    dora = shown("dora", "article", article.pk)
    assert "The Coast Courier" in dora
    sets = {found.annotator.username: found.pk for found in article.annotation_sets.all() if found.annotator}
    assert all(reverse("desk", args=[key]) in dora for key in sets.values())
    ben = shown("ben", "article", article.pk)
    assert reverse("desk", args=[sets["ben"]]) in ben
    assert reverse("desk", args=[sets["chi"]]) not in ben
    assert "chi" not in ben


def test_text_and_metadata_are_escaped(project: Project) -> None:
    article = an_article(project, "<b>bold</b> & “quoted”", title="<i>x</i>", metadata={"<k>": "<v>"})
    page = shown("dora", "article", article.pk)
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; “quoted”" in page
    assert "<dt>&lt;k&gt;</dt><dd>&lt;v&gt;</dd>" in page


def test_the_history_says_who_did_what_and_is_blind(project: Project) -> None:
    article = a_labelled_article(project)
    dora = shown("dora", "article-history", article.pk)
    assert "<strong>ben</strong> labelled Actor" in dora
    assert "<strong>chi</strong> labelled Actor" in dora
    assert "Ingrid Solheim" in dora
    ben = shown("ben", "article-history", article.pk)
    assert "<strong>ben</strong> labelled Actor" in ben
    assert "chi" not in ben


def test_a_reviewer_who_read_the_history_counts_as_having_seen_it(project: Project) -> None:
    article = a_labelled_article(project)
    shown("ben", "article-history", article.pk)
    assert not ArticleOpening.objects.exists()
    shown("dora", "article-history", article.pk)
    assert [opening.user.username for opening in ArticleOpening.objects.all()] == ["dora"]


def test_my_spans_are_found_by_their_words_and_nobody_else_s(project: Project) -> None:
    article = a_labelled_article(project)
    own = article.annotation_sets.get(annotator__username="ben")
    a_span(own, "claim", (0, 20), (77, 94), attributes={"stance": "opposes"})
    found = shown("ben", "my-spans", query="?search=lost NINE")
    assert f"{TEXT[0:20]} … {TEXT[77:94]}" in found
    assert reverse("desk", args=[own.pk]) in found
    assert "opposes" in found
    assert "None of your spans holds these words" in shown("chi", "my-spans", query="?search=lost")
    assert "Ingrid Solheim" in shown("chi", "my-spans", query="?search=ingrid")
    assert "None of your spans holds these words" in shown("eve", "my-spans", query="?search=ingrid")
    assert "Ingrid" not in shown("ben", "my-spans")


def test_the_wildcards_of_the_database_are_letters_of_a_search(project: Project) -> None:
    a_labelled_article(project)
    assert "None of your spans holds these words" in shown("ben", "my-spans", query="?search=%25")


def test_an_article_without_changes_says_so(project: Project) -> None:
    assert "No change yet" in shown("dora", "article-history", an_article(project).pk)
