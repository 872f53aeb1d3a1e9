"""Disagreements as lists and panels show them: versions with what was said, who chose them, what was decided."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.models import Comment, Decision, Disagreement, DisagreementState, Membership
from annotations.selectors.desk import LabelSign, Palette, shortened
from annotations.selectors.disagreements import is_relation, is_requeued
from annotations.selectors.review import KIND_NAMES, alike_counts, alike_to, decisions_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A span of a version as it is read: its label, its text, what else was said of it."""

    label: LabelSign
    quote: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version; `lanes` are who chose it, each with the number of the lane; `at` is where it is (`120-161,175-230`),
    `spans` what the edit mode begins with, as JSON; `refused` why it cannot be taken now.
    """

    digit: int
    parts: Sequence[Part]
    link: str
    lanes: Sequence[tuple[int, str]]
    at: str
    spans: str
    refused: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation that begins at a disagreement's span: what the statement says besides; `row` is its disagreement."""

    row: UUID
    name: str
    quote: str
    chose: int
    decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A disagreement as the list and the panel show it; `nothing` says who has no span here.

    `links` are the relations that begin here, `remarks` what reviewers said of it.
    """

    row: Disagreement
    kind: str
    label: str
    slot: int
    split: str
    alike: int
    versions: Sequence[VersionView]
    nothing: str
    decision: Decision | None
    outcome: str
    edit_label: str
    edit_at: str
    links: Sequence[Link]
    remarks: Sequence[Comment]

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.row.state != DisagreementState.DECIDED

    @property
    def both(self) -> bool:
        """Whether versions 1 and 2 can be taken together."""
        return len(self.versions) > 1 and not any(version.refused for version in self.versions[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatorView:
    """Somebody whose work is under review, under the name that is shown, with the number of the lane and where it is
    drawn (`120-161,175-230`).
    """

    set_id: UUID
    name: str
    submitted: bool
    lane: int
    at: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """What is needed to show a row; of a list without an article's `annotators` nobody is named."""

    palette: Palette
    decisions: Mapping[UUID, Decision]
    counts: Mapping[str, int]
    annotators: Mapping[int, AnnotatorView] = field(default_factory=dict)
    links: Mapping[UUID, Sequence[Link]] = field(default_factory=dict)
    remarks: Mapping[UUID, Sequence[Comment]] = field(default_factory=dict)

    def row(self, row: Disagreement, *, whole: bool) -> RowView:
        """The row as the list shows it; `whole` with its versions."""
        payload, decision = row.payload, self.decisions.get(row.pk)
        chosen = set(decision.versions) if decision and row.state == DisagreementState.DECIDED else set()
        versions = [self._version(version, chosen) for version in payload["versions"]] if whole else []
        present = {key for version in payload["versions"] for key in version["annotators"]}
        absent = [key for key, each in self.annotators.items() if each.submitted and key not in present]
        label = self._label(row.label)
        sizes = [len(version["annotators"]) for version in payload["versions"]]
        left = payload["of"] - len(present)
        sizes += [left] if left > 0 else []
        spans = [span for version in payload["versions"] for span in version.get("spans", [])]
        return RowView(
            row=row,
            kind=str(KIND_NAMES.get(row.kind, row.kind)),
            label=self._link_name(row.label) if is_relation(row) else label.name,
            slot=label.slot,
            split=" : ".join(map(str, sizes)),
            alike=alike_to(row, self.counts),
            versions=versions,
            nothing=self._who(absent) if absent else "",
            decision=decision,
            outcome=_outcome(row, decision),
            edit_label=spans[0]["label"] if spans else "",
            edit_at=at_text(spans[0]["fragments"]) if spans else "",
            links=self.links.get(row.pk, ()),
            remarks=self.remarks.get(row.pk, ()),
        )

    def _version(self, version: Mapping[str, Any], chosen: set[int]) -> VersionView:
        spans, link, refused = version.get("spans", []), "", ""
        if "relation" in version:
            relation = version["relation"]
            spans = [relation["source"], relation["target"]]
            link, refused = self._link_name(relation["label"]), self._refusal(spans)
        return VersionView(
            digit=version["digit"],
            parts=[self._part(span) for span in spans],
            link=link,
            lanes=self._lanes(version["annotators"]),
            at=at_text(sorted(fragment for span in spans for fragment in span["fragments"])),
            spans="" if link else _editable(version["spans"]),
            refused=refused,
            chosen=version["digit"] in chosen,
        )

    def _part(self, span: Mapping[str, Any]) -> Part:
        said = [span["entity"], *span["attributes"].values()]
        return Part(
            label=self._label(span["label"]),
            quote=shortened(span["quote"]),
            said=", ".join(filter(None, said)),
        )

    def _refusal(self, ends: Iterable[Mapping[str, Any]]) -> str:
        """Why a relation between these ends cannot be taken now."""
        for end in ends:
            key = UUID(end["disagreement"])
            decision = self.decisions.get(key)
            if decision is None:
                return _("decide “%(quote)s” first") % {"quote": shortened(end["quote"])}
            if not decision.gold:
                return _("“%(quote)s” has no span in gold") % {"quote": shortened(end["quote"])}
        return ""

    def _who(self, users: Iterable[int]) -> str:
        return ", ".join(sorted(self.annotators[key].name for key in users if key in self.annotators))

    def _lanes(self, users: Iterable[int]) -> list[tuple[int, str]]:
        chosen = [self.annotators[key] for key in users if key in self.annotators]
        return [(each.lane, each.name) for each in sorted(chosen, key=lambda each: each.lane)]

    def _label(self, key: str) -> LabelSign:
        signs = self.palette.labels.values()
        return next((sign for sign in signs if sign.key == key), None) or next(iter(signs))

    def _link_name(self, key: str) -> str:
        return next((link.name for link in self.palette.relation_labels if link.key == key), key)


def _outcome(row: Disagreement, decision: Decision | None) -> str:
    """What was decided, in a few words."""
    if decision is None:
        return ""
    if row.payload.get("gone"):
        return _("decided, but the annotators took their spans back")
    if is_requeued(row.payload):
        return _("decided under an earlier guideline, to be looked at again")
    if row.state == DisagreementState.STALE:
        return _("decided, but the annotators changed their work since")
    return _chosen(decision)


def _chosen(decision: Decision) -> str:
    if not decision.gold:
        return _("no span here")
    if decision.versions:
        return ngettext("version %(digits)s", "versions %(digits)s", len(decision.versions)) % {
            "digits": ", ".join(map(str, decision.versions))
        }
    return _("edited")


def _editable(spans: Iterable[Mapping[str, Any]]) -> str:
    found = [
        {"label": span["label"], "at": at_text(span["fragments"]), "attributes": span["attributes"]} for span in spans
    ]
    return json.dumps(found, ensure_ascii=False)


def at_text(fragments: Iterable[Sequence[int]]) -> str:
    """Fragments as addresses and attributes have them: `120-161,175-230`."""
    return ",".join(f"{start}-{end}" for start, end in fragments)


def listed_rows(member: Membership, rows: Sequence[Disagreement]) -> list[RowView]:
    """Rows of a list that goes over many articles, without their versions."""
    viewer = Viewer(Palette(member.project_id), decisions_on(rows), alike_counts(member, rows))
    return [viewer.row(row, whole=False) for row in rows]
