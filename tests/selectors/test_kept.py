"""Figures that took long to count are kept for those they were counted for, and say when that was."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from annotations.selectors import kept
from annotations.selectors.kept import Counted
from tests.factories import a_project, an_article, the_cast


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_what_took_long_is_kept_under_its_name(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.KEEP_COUNTS_AFTER = -1
    monkeypatch.setattr(kept, "_TIMES", 1e9)
    numbers = count()
    assert kept.kept("a", lambda: next(numbers)) == Counted(0, None)
    again = kept.kept("a", lambda: next(numbers))
    assert again.figures == 0
    assert again.at is not None
    assert kept.kept("b", lambda: next(numbers)) == Counted(1, None)


def test_what_is_counted_soon_is_counted_anew(settings: Any) -> None:
    settings.KEEP_COUNTS_AFTER = 1e9
    numbers = count()
    assert [kept.kept("a", lambda: next(numbers)).figures for _ in range(2)] == [0, 1]


@pytest.mark.django_db
def test_the_overview_says_when_it_was_counted_and_for_each_member_apart(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.KEEP_COUNTS_AFTER = -1
    monkeypatch.setattr(kept, "_TIMES", 1e9)
    project = a_project("press")
    cast = the_cast(project)
    an_article(project)
    address = reverse("project", args=["press"])
    pages = []
    for name in ("ada", "ada", "ben"):
        client = Client()
        client.force_login(cast[name])
        pages.append(client.get(address).content.decode())
    assert ["Counted at" in page for page in pages] == [False, True, False]
    assert ["Pace and queue" in page for page in pages] == [True, True, False]
