"""Annotation sets as poorer formats can hold them: spans moved, joined or left out, and the relations that remain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from annotations.domain.documents import AnnotationSet, Fragments, Relation, Span
from annotations.formats.losses import Loss, Losses
from annotations.formats.writing import span_order


def reduced(one: AnnotationSet, spans: Iterable[tuple[Span, Fragments]], losses: Losses) -> AnnotationSet:
    """The set with the given spans at the given fragments (code points, half open); without fragments they are left
    out, of those that became the same the first is kept, and relations follow. The spans stand in their new order.
    """
    kept: dict[tuple[str, Fragments], Span] = {}
    now: dict[str, str] = {}
    for span, fragments in spans:
        if not fragments:
            losses.add(Loss.SPANS)
            continue
        first = kept.setdefault((span.label, fragments), span if span.fragments == fragments else _at(span, fragments))
        now[span.id] = first.id
        if first.id != span.id:
            losses.add(Loss.MERGED)
    relations: dict[tuple[str, str, str], Relation] = {}
    for relation in one.relations:
        source, target = now.get(relation.source), now.get(relation.target)
        key = (relation.label, source or "", target or "")
        if source is None or target is None or source == target or key in relations:
            losses.add(Loss.RELATIONS)
        else:
            relations[key] = replace(relation, source=source, target=target)
    return replace(one, spans=tuple(sorted(kept.values(), key=span_order)), relations=tuple(relations.values()))


def _at(span: Span, fragments: Fragments) -> Span:
    return replace(span, fragments=fragments, quote=None)


def trimmed(text: str, start: int, end: int, unwanted: str | None = None) -> tuple[int, int] | None:
    """The piece of the text without unwanted characters (white space if None) at its ends, or None without a rest."""
    piece = text[start:end]
    end -= len(piece) - len(piece.rstrip(unwanted))
    start += len(piece) - len(piece.lstrip(unwanted))
    return (start, end) if start < end else None
