"""The guideline's versions, as HTML that is safe to show, and what differs between two of them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from annotations.domain.errors import NotFound
from annotations.models import GuidelineVersion, Project

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


class SanitisedHtml(str):
    """HTML that went through the sanitiser: templates show it as it is. Only `guideline_html` makes it."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@lru_cache(maxsize=64)
def guideline_html(markdown: str) -> SanitisedHtml:
    """The Markdown as HTML without markup of its own, scripts, images or links to anything but pages and mail."""
    html = nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return SanitisedHtml(html)


def current_guideline(project: Project) -> GuidelineVersion | None:
    """The version in force."""
    return guideline_versions_of(project).first()


def guideline_versions_of(project: Project) -> QuerySet[GuidelineVersion]:
    """All versions, the one in force first."""
    return project.guideline_versions.select_related("published_by").order_by("-number")


def guideline_version(project: Project, number: int) -> GuidelineVersion:
    """One version.

    Raises:
        NotFound: the project has no such version.
    """
    found = guideline_versions_of(project).filter(number=number).first()
    if found is None:
        raise NotFound(_("The guideline has no such version."))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: `kind` is removed, added, kept or skipped (lines in between that are the same)."""

    kind: str
    sign: str
    text: str


def difference(before: str, after: str) -> list[Line]:
    """What `after` has other than `before`, line by line, with three lines around each change; empty when the same."""
    return list(_lines(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)))


def _lines(unified: Iterator[str]) -> Iterator[Line]:
    kinds = {"-": "removed", "+": "added", " ": "kept"}
    for number, line in enumerate(unified):
        if number < 2:  # the names of the two files
            continue
        if line.startswith("@@"):
            yield Line("skipped", "⋯", "")
        else:
            yield Line(kinds[line[0]], line[0], line[1:])


@dataclass(frozen=True, slots=True)
class GuidelineSection:
    """What stands under one heading of the guideline."""

    title: str
    html: SanitisedHtml


@dataclass(frozen=True, slots=True)
class GuidelineView:
    """The guideline as it stands beside the text: what comes before the first section, then sections that fold."""

    number: int
    opening: SanitisedHtml
    sections: Sequence[GuidelineSection]


def guideline_view(project: Project) -> GuidelineView | None:
    """The guideline in force, cut at its headings of the second level (of the first, where there are none)."""
    version = current_guideline(project)
    if version is None:
        return None
    lines = version.markdown.splitlines(keepends=True)
    mark = "## " if any(line.startswith("## ") for line in lines) else "# "
    parts: list[tuple[str, list[str]]] = [("", [])]
    fenced = False
    for line in lines:
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        if line.startswith(mark) and not fenced:
            parts.append((line.removeprefix(mark).strip().strip("#").strip(), []))
        else:
            parts[-1][1].append(line)
    opening = [line for line in parts[0][1] if not line.startswith("# ")]
    return GuidelineView(
        number=version.number,
        opening=guideline_html("".join(opening)),
        sections=[GuidelineSection(title, guideline_html("".join(body))) for title, body in parts[1:]],
    )
