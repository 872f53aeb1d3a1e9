"""What people wait for is read by indexes: no plan goes through a table that grows with the work."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, Self

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from annotations.models import AnnotationSet, Project, User, prepared
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.queue import claim_next_article
from benchmarks import stock
from tests.factories import a_member, a_project, put_span
from tests.standing import standing, taken_back

pytestmark = pytest.mark.django_db

ARTICLES: Final = 2_000
_PLANNED: Final = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)")


class Stored(NamedTuple):
    """A project with much work, somebody who labels in it, and who manages it."""

    project: Project
    ben: User
    ada: User


@pytest.fixture(scope="module")
def stored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stored]:
    with standing(django_db_blocker):
        project = a_project("growth")
        ada, ben = a_member(project, "ada"), a_member(project, "ben")
        stock.store(connection.connection, project, [ben, *stock.annotators(project, 49)], ARTICLES, spans=4)
        with connection.cursor() as cursor:
            cursor.execute("SELECT gin_clean_pending_list('article_search')")
            cursor.execute(f"ANALYZE {', '.join(stock.TABLES)}")
        yield Stored(project, ben, ada)


@pytest.fixture(autouse=True)
def alone(stored: Stored) -> Iterator[None]:
    with taken_back():
        yield


class Queries:
    """The SQL of a block, with its values; also what does not go through Django's cursor (`models.prepared`)."""

    def __init__(self) -> None:
        self.sql: list[str] = []

    @contextlib.contextmanager
    def captured(self) -> Iterator[None]:
        seen = self.sql

        class Recording(psycopg.Cursor[Any]):
            def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
                with psycopg.ClientCursor(self.connection) as cursor:
                    seen.append(cursor.mogrify(query, params))
                return super().execute(query, params, **options)

        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(psycopg, "Cursor", Recording)
            yield
        seen += [query["sql"] for query in queries.captured_queries]

    def read_through(self) -> list[str]:
        """The growing tables that a plan reads from one end to the other, each with its query."""
        return [f"{table}: {sql}" for sql in self.sql if _PLANNED.match(sql) for table in read_whole(plan_of(sql))]


@pytest.fixture
def queries() -> Queries:
    return Queries()


def plan_of(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def read_whole(node: dict[str, Any], *, hashed: bool = False) -> Iterator[str]:
    """Tables that are read from one end to the other: as they lie, or by a whole index to answer a question about many
    rows before it is asked (a page that is walked in the order of an index stops when it is full).
    """
    hashed |= node.get("Parent Relationship") == "SubPlan"
    by_a_whole_index = hashed and node["Node Type"].startswith("Index") and "Index Cond" not in node
    if (node["Node Type"] == "Seq Scan" or by_a_whole_index) and node["Relation Name"] in stock.TABLES:
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from read_whole(below, hashed=hashed)


def open_set(user: User) -> AnnotationSet:
    claim = claim_next_article(actor=user, slug="growth")
    assert claim is not None
    return claim


def visit(user: User, path: str, queries: Queries) -> str:
    client = Client()
    client.force_login(user)
    with queries.captured():
        answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_plan_that_reads_a_table_through_is_noticed(stored: Stored, queries: Queries) -> None:
    with queries.captured():
        list(stored.project.articles.filter(title="none"))
        prepared.rows("SELECT 1 FROM annotations_span WHERE note = %s", ["none"])
    assert [found.split(":")[0] for found in queries.read_through()] == ["annotations_span", "annotations_article"]


def test_the_queue_finds_the_next_article_by_its_index(stored: Stored, queries: Queries) -> None:
    with queries.captured():
        open_set(stored.ben)
    assert queries.read_through() == []
    (look,) = (sql for sql in queries.sql if "candidates" in sql)
    assert "article_queue" in json.dumps(plan_of(look))


@pytest.mark.parametrize("action", ["submit", "release"])
def test_work_is_submitted_and_given_back_by_indexes(stored: Stored, queries: Queries, action: str) -> None:
    claim = open_set(stored.ben)
    with queries.captured():
        move_set(actor=stored.ben, annotation_set_id=claim.pk, action=action)
    assert queries.read_through() == []


def test_a_save_reads_what_it_touches_by_indexes(stored: Stored, queries: Queries) -> None:
    claim = open_set(stored.ben)
    new = put_span("actor", (3, 9))
    with queries.captured():
        apply_changes(actor=stored.ben, annotation_set_id=claim.pk, changes=[new])
        moved = put_span("claim", (3, 12), uuid=new.object, base=1)
        assert apply_changes(actor=stored.ben, annotation_set_id=claim.pk, changes=[moved]).revision == 2
    assert queries.read_through() == []


@pytest.mark.parametrize("address", ["/desk/{set}/", "/api/v1/annotation-sets/{set}/", "/articles/{article}/history/"])
def test_an_article_is_opened_by_indexes(stored: Stored, queries: Queries, address: str) -> None:
    work = stored.ben.annotation_sets.select_related("article").first()
    assert work is not None
    visit(stored.ben, address.format(set=work.pk, article=work.article_id), queries)
    assert queries.read_through() == []


@pytest.mark.parametrize("face", ["", "/api/v1"])
@pytest.mark.parametrize("words", ["", "quillfeather7", "gazette"])
def test_articles_are_listed_and_searched_by_indexes(stored: Stored, queries: Queries, face: str, words: str) -> None:
    shown = visit(stored.ada, f"{face}/projects/growth/articles/?search={words}", queries)
    assert "Quillfeather7" in shown or words != "quillfeather7"
    assert queries.read_through() == []


def test_disagreements_are_listed_by_indexes(stored: Stored, queries: Queries) -> None:
    visit(stored.ada, "/api/v1/projects/growth/disagreements/?state=open", queries)
    assert queries.read_through() == []


def test_the_page_of_disagreements_counts_them_and_reads_nothing_else_through(stored: Stored, queries: Queries) -> None:
    visit(stored.ada, "/projects/growth/disagreements/", queries)
    tables = {found.split(":")[0] for found in queries.read_through()}
    assert tables <= {"annotations_article", "annotations_disagreement"}


def test_ones_own_articles_are_listed_by_indexes(stored: Stored, queries: Queries) -> None:
    visit(stored.ben, "/my-articles/", queries)
    assert queries.read_through() == []
