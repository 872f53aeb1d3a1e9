"""Disagreements of an article, made anew when a submitted set comes, goes or changes."""

from __future__ import annotations

from uuid import UUID


def refresh_disagreements(*, article_id: UUID) -> None:
    """Align the submitted sets of the article and write its disagreements; decisions find theirs again."""
