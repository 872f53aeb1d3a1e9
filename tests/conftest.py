"""The database of a test run: an embedded PostgreSQL of its own, made for the first test that asks, then removed."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from newsapp import embedded

# A busy machine is no failure, and a run tells of the code alone: what is tried is the same each time, unless
# NEWSAPP_FUZZ asks to search further.
settings.register_profile("steady", deadline=None, derandomize="NEWSAPP_FUZZ" not in os.environ)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """The run's own server; workers of one run share it, the last to leave stops and deletes it."""
    password = os.environ["NEWSAPP_TEST_PASSWORD"]
    if not password:  # DATABASE_URL names a server to test against
        yield
        return
    home = Path(os.environ["NEWSAPP_TEST_HOME"])
    with embedded.running(home, password=password, settings=embedded.THROW_AWAY):
        yield
    embedded.discard(home)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_server: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Called by pytest-django before it makes the test database."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit are cleaned up with TRUNCATE, which the running role may not do to the logs.

    At the end the sessions that threads of tests left are closed: the database could not be dropped beside them. Those
    of the server itself (autovacuum) may not be ended by us, and do not stand in the way.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("GRANT TRUNCATE ON annotations_change, annotations_auditentry TO CURRENT_USER")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )
    connection.close()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The last to leave removes the home that others were copied from."""
    from tests import homes  # not before its assertions are rewritten

    if not hasattr(session.config, "workerinput"):
        homes.discard()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Remove what killed runs of long ago left behind."""
    if hasattr(session.config, "workerinput"):
        return
    for left in Path(tempfile.gettempdir()).glob("newsapp-test-*/postgres.door"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > 3600:
                embedded.discard(left.parent)
