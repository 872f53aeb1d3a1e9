"""The guideline's versions as HTML that is safe to show, in sections, and what is new in them for a member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from annotations.domain.errors import NotFound
from annotations.domain.guidelines import Line, difference, sections_of
from annotations.models import GuidelineVersion, Membership, Precedent, Project
from annotations.selectors.precedents import precedents_visible_to

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


@lru_cache(maxsize=512)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineSection:
    """What stands under one heading; `labels` are the keys of the labels it belongs to, `precedents` what they keep."""

    title: str
    html: SanitisedHtml
    markdown: str
    labels: Sequence[str]
    precedents: Sequence[Precedent]

    def has(self, words: str) -> bool:
        """Whether all the words stand in it, in any letters, in any order."""
        rules = (f"{each.quote} {each.rule}" for each in self.precedents)
        text = " ".join([self.title, self.markdown, *rules]).casefold()
        return all(word in text for word in words.casefold().split())


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineView:
    """The guideline in its sections; `opening` comes before the first, `precedents` are those of no section's label."""

    number: int
    opening: SanitisedHtml
    sections: Sequence[GuidelineSection]
    precedents: Sequence[Precedent]


def guideline_view(
    project: Project, *, version: GuidelineVersion | None = None, member: Membership | None = None
) -> GuidelineView | None:
    """A version (else the one in force) cut at its headings of the second level (of the first, where there are none).

    A section whose heading names a label belongs to it; the first such section shows the label's precedents, of which
    those the `member` may see are there (none without a member).
    """
    version = version or current_guideline(project)
    if version is None:
        return None
    labels = dict(project.labels.filter(archived_at=None).order_by("position", "pk").values_list("key", "name"))
    opening, sections = sections_of(version.markdown, labels)
    by_label: dict[str, list[Precedent]] = {}
    for precedent in _precedents_of(version, member) if member else ():
        by_label.setdefault(precedent.label.key if precedent.label else "", []).append(precedent)
    shown = [
        GuidelineSection(
            title=section.title,
            html=guideline_html(section.markdown),
            markdown=section.markdown,
            labels=section.labels,
            precedents=[each for key in section.labels for each in by_label.pop(key, [])],
        )
        for section in sections
    ]
    left = [each for found in by_label.values() for each in found]
    return GuidelineView(number=version.number, opening=guideline_html(opening), sections=shown, precedents=left)


def _precedents_of(version: GuidelineVersion, member: Membership) -> QuerySet[Precedent]:
    """Those the member may see that went into this version or an earlier one and stand, oldest first."""
    found = precedents_visible_to(member).filter(guideline__number__lte=version.number, withdrawn_at=None)
    return found.order_by("at", "pk")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidelineNews:
    """A version the member has not read yet: `before` is the one read last (0: none)."""

    version: GuidelineVersion
    before: int
    lines: Sequence[Line]


def guideline_news(member: Membership) -> GuidelineNews | None:
    """What is new in the guideline for the member, None when there is nothing.

    Who joined after the last publication reads the guideline as it is, and is told of the next one.
    """
    if member.guideline_seen is None:
        return None
    version = current_guideline(member.project)
    if version is None or version.number <= member.guideline_seen:
        return None
    before = member.project.guideline_versions.filter(number=member.guideline_seen).first()
    lines = difference(before.markdown, version.markdown) if before else []
    return GuidelineNews(version=version, before=member.guideline_seen, lines=lines)
