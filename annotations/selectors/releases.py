"""Releases as members see them: the list, one, its bytes, and what two of them have different."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from tempfile import SpooledTemporaryFile
from typing import Any, Final, cast
from uuid import UUID

import orjson
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.differences import CHANGES, RELABELLED, ArticleDifference, differences
from annotations.domain.errors import NotFound
from annotations.models import Membership, Project, Release, ReleaseChunk, User

MOST_SPANS: Final = 5_000
"""So many changed spans of a difference are listed one by one; the counts are of all."""
_KEPT_IN_MEMORY: Final = 16 * 1024 * 1024
_KEEP: Final = 86_400
# Of the manifest, what the archive's own last member does not have.
_BESIDE: Final = ("agreement", "card")


def releases_visible_to(member: Membership) -> QuerySet[Release]:
    """The releases of sets that the member may export, newest first.

    Raises:
        NotAllowed: an annotator.
    """
    policies.check_can_see_releases(member)
    found = Release.objects.filter(
        project=member.project_id, manifest__query__sets__in=policies.exportable_kinds(member)
    )
    return found.select_related("by", "project").order_by("-at", "-id")


def release_of(member: Membership, release_id: UUID) -> Release:
    """One of them.

    Raises:
        NotAllowed: an annotator.
        NotFound: no such release, or one the member may not see.
    """
    found = releases_visible_to(member).filter(pk=release_id).first()
    if found is None:
        raise NotFound(_("There is no such release."))
    return found


def release_by_id(*, user: User, release_id: UUID) -> tuple[Membership, Release]:
    """The same by its permanent address.

    Raises:
        NotAllowed, NotFound: as `release_of`.
    """
    slug = Release.objects.filter(pk=release_id).values_list("project__slug", flat=True).first()
    if slug is None:
        raise NotFound(_("There is no such release."))
    try:
        member = policies.check_member(user=user, slug=slug)
    except NotFound:
        raise NotFound(_("There is no such release.")) from None
    return member, release_of(member, release_id)


def pieces_of(release: Release) -> Iterator[bytes]:
    """The bytes of the archive; nothing is held between two pieces."""
    number = 0
    while True:
        found = ReleaseChunk.objects.filter(release=release, number=number).values_list("content", flat=True).first()
        if found is None:
            return
        yield bytes(found)
        number += 1


def filename_of(release: Release) -> str:
    """What the archive is called on a disk."""
    name = "".join(one if one.isascii() and (one.isalnum() or one in "-_.") else "-" for one in release.name)
    return f"{release.project.slug}-{name}.zip"


def download_headers(release: Release) -> dict[str, str]:
    """What a download says of the archive; its SHA-256 is the `ETag`."""
    return {
        "ETag": f'"{release.sha256}"',
        "Content-Length": str(release.size),
        "Content-Disposition": f'attachment; filename="{filename_of(release)}"',
    }


def release_json(release: Release) -> dict[str, Any]:
    """The wire form; `manifest` is that of the archive."""
    return {
        "id": str(release.pk),
        "name": release.name,
        "notes": release.notes,
        "sha256": release.sha256,
        "size": release.size,
        "by": release.by.username,
        "at": release.at,
        "agreement": release.manifest["agreement"],
        "manifest": {key: value for key, value in release.manifest.items() if key not in _BESIDE},
    }


def label_set(project: Project) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The labels with their attributes, and the relation labels, in their order."""
    labels = [
        {
            "key": label.key,
            "name": label.name,
            "attributes": {each.key: each.choices for each in label.attributes.all()},
        }
        for label in project.labels.prefetch_related("attributes").order_by("position", "pk")
    ]
    relations = [
        {
            "key": label.key,
            "name": label.name,
            "source": label.source_label.key if label.source_label else None,
            "target": label.target_label.key if label.target_label else None,
        }
        for label in project.relation_labels.select_related("source_label", "target_label").order_by("position", "pk")
    ]
    return labels, relations


def difference_of(before: Release, after: Release) -> dict[str, Any]:
    """What became of the spans, by article and label, with the effect on counts and agreement.

    Releases never change, so it is kept.
    """
    key = f"release-difference:1:{before.pk}:{after.pk}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _difference(before, after)
        cache.set(key, found, _KEEP)
    return found


def _difference(before: Release, after: Release) -> dict[str, Any]:
    labels: dict[str, Counter[str]] = {}
    articles: list[dict[str, Any]] = []
    listed = 0
    with _documents(before) as old, _documents(after) as new:
        for each in differences(old, new):
            for span in each.spans:
                labels.setdefault(span.label, Counter())[span.change] += 1
                if span.change == RELABELLED:
                    labels.setdefault(span.before, Counter())["relabelled_from"] += 1
            articles.append(_article_json(each, shown=listed < MOST_SPANS))
            listed += len(each.spans)
    totals = Counter[str]()
    for counts in labels.values():
        totals.update({change: counts[change] for change in CHANGES})
    return {
        "identical": before.sha256 == after.sha256,
        "query": [before.manifest["query"], after.manifest["query"]],
        "counts": _counts(before, after),
        "spans": {change: totals[change] for change in CHANGES},
        "labels": [
            _label_json(label, labels.get(label, Counter()), before, after) for label in _all(before, after, labels)
        ],
        "agreement": _agreement(before, after),
        "articles": articles,
        "spans_listed_of": [min(listed, MOST_SPANS), listed] if listed > MOST_SPANS else [listed, listed],
    }


@contextmanager
def _documents(release: Release) -> Iterator[Iterator[dict[str, Any]]]:
    """The documents of a release, one after the other."""
    name = next(file["name"] for file in release.manifest["files"] if file.get("format") == "jsonl")
    with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as copy:
        for piece in pieces_of(release):
            copy.write(piece)
        with zipfile.ZipFile(cast("Any", copy)) as archive, archive.open(name) as lines:
            yield (orjson.loads(line) for line in lines)


def _article_json(each: ArticleDifference, *, shown: bool) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": each.title,
        "state": each.state,
        **each.counts(),
        "relations_added": each.relations_added,
        "relations_removed": each.relations_removed,
        "other_text": each.other_text,
        "spans": [asdict(span) for span in each.spans] if shown else [],
    }


def _counts(before: Release, after: Release) -> dict[str, list[int]]:
    names = ("articles", "annotation_sets", "annotators", "spans", "relations")
    return {name: [each.manifest["counts"][name] for each in (before, after)] for name in names}


def _all(before: Release, after: Release, labels: dict[str, Counter[str]]) -> list[str]:
    used = {*before.manifest["counts"]["spans_by_label"], *after.manifest["counts"]["spans_by_label"], *labels}
    order = [label["key"] for label in after.manifest["labels"]]
    return sorted(used, key=lambda key: (order.index(key) if key in order else len(order), key))


def _label_json(label: str, counts: Counter[str], before: Release, after: Release) -> dict[str, Any]:
    spans = [each.manifest["counts"]["spans_by_label"].get(label, 0) for each in (before, after)]
    return {
        "label": label,
        "before": spans[0],
        "after": spans[1],
        **{change: counts[change] for change in CHANGES},
        "relabelled_from": counts["relabelled_from"],
    }


def _agreement(before: Release, after: Release) -> list[dict[str, Any]]:
    """The measures that are known of one of them, side by side."""
    rows = [{(row["measure"], row["label"]): row for row in each.manifest["agreement"]} for each in (before, after)]
    found = []
    for measure, label in dict.fromkeys([*rows[1], *rows[0]]):
        values = [each.get((measure, label), {}).get("value") for each in rows]
        if values != [None, None]:
            found.append({"measure": measure, "label": label, "before": values[0], "after": values[1]})
    return found
