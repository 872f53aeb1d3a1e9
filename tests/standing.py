"""What a whole module of tests stands on, made once; each test's own changes are taken back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextlib.contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """What is made within stays until the end of the block, and is never committed.

    For fixtures of a module; of the mark `django_db` its tests need the form without `transaction`.
    """
    with blocker.unblock(), taken_back():
        yield


@contextlib.contextmanager
def taken_back() -> Iterator[None]:
    """What is written within is taken back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
