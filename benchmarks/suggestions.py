"""How good are the engines, and how long do they take?

Leave one article out: 24 news articles with gold (`data/wikinews.jsonl` of the shared folder, NEWSAPP_SHARED); for
each, the dictionary knows only the other 23. What is found is matched with gold one to one by overlap.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from annotations.domain.documents import Fragments, Span
from annotations.domain.matching import Counts, matched_spans, overlapping, overlaps
from annotations.suggesters import ENGINES, suggest
from annotations.suggesters.dictionary import learn, total
from annotations.suggesters.phrases import Dictionary
from annotations.suggesters.proposals import ACTOR, CLAIM, LOCATION, MADE_BY, Context, LabelledSpan, Proposal
from benchmarks.rows import Row, median, shown
from benchmarks.site import ROOT

PATH: Final = Path(os.environ.get("NEWSAPP_SHARED") or ROOT.parent / "shared") / "data" / "wikinews.jsonl"
LEAST_CLAIMS: Final = 0.64
LEAST_SPEAKERS: Final = 0.65
LEAST_ACTORS: Final = 0.90
LEAST_LOCATIONS: Final = 0.57
MOST_SECONDS: Final = 0.005
_ROUNDS: Final = 5
_MENTION: Final = 60  # a longer gold span of the same entity is a description with other names in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An article with its gold, and what an engine may know of the others."""

    text: str
    gold: Sequence[Span]
    speakers: dict[str, str]
    context: Context

    def labelled(self, label: str) -> list[Span]:
        """Gold of one label."""
        return [span for span in self.gold if span.label == label]


def cases() -> list[Case]:
    """The articles of the file, each with a dictionary learnt from all others."""
    articles = [orjson.loads(line) for line in PATH.read_bytes().splitlines()]
    golds = [_spans(article) for article in articles]
    learnt = learn(
        (article["text"], [LabelledSpan(label=span.label, fragments=span.fragments) for span in gold])
        for article, gold in zip(articles, golds, strict=True)
    )
    return [
        Case(
            text=article["text"],
            gold=gold,
            speakers={
                relation["source"]: relation["target"]
                for relation in article["annotation_sets"][0]["relations"]
                if relation["label"] == MADE_BY
            },
            context=Context(
                text=article["text"],
                language=article["language"],
                dictionary=Dictionary(total(learnt, without=[learnt[number]])),
            ),
        )
        for number, (article, gold) in enumerate(zip(articles, golds, strict=True))
    ]


def counts(found: Sequence[Case], label: str, *engines: str) -> Counts:
    """How many proposals of some engines with a label match gold."""
    summed = Counts()
    for case in found:
        proposed = _proposed(case, label, *engines)
        gold = case.labelled(label)
        summed += Counts(len(matched_spans(_as_spans(proposed), gold, overlapping)), len(proposed), len(gold))
    return summed


def speakers(found: Sequence[Case]) -> tuple[int, int]:
    """Of the claims that match one with a speaker: for how many the speaker is right, and how many they are."""
    judged = [right for case in found for right in _speakers_of(case)]
    return sum(judged), len(judged)


def repeated(found: Sequence[Case]) -> tuple[int, int]:
    """With the first mention of each name labelled: how many repetitions touch gold of their label, and how many."""
    right = offered = 0
    for case in found:
        first = {(span.label, case.text[slice(*span.fragments[0])]): span for span in reversed(case.gold)}
        known = [
            LabelledSpan(label=span.label, fragments=span.fragments) for span in first.values() if span.label != CLAIM
        ]
        proposed = suggest(Context(text=case.text, spans=known), [ENGINES["repetition"]])
        shared = overlaps([each.fragments for each in proposed], [span.fragments for span in case.gold])
        right += len({i for i, j in shared if proposed[i].label == case.gold[j].label})
        offered += len(proposed)
    return right, offered


def seconds_an_article(found: Sequence[Case]) -> float:
    """The time of all engines for one article, on average; the dictionary is ready."""
    durations = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        for case in found:
            suggest(case.context)
        durations.append((time.process_time() - start) / len(found))
    return median(durations)


def measure() -> list[Row]:
    """Rows of the table; none, and a sentence, where the articles are not at hand."""
    if not PATH.exists():
        print(f"{PATH} is missing: set NEWSAPP_SHARED to the folder that holds data/wikinews.jsonl.", file=sys.stderr)
        return []
    found = cases()
    claims, actors = counts(found, CLAIM, "quotes"), counts(found, ACTOR, "dictionary")
    locations = counts(found, LOCATION, "gazetteer", "dictionary")
    (right, judged), (repetitions, offered) = speakers(found), repeated(found)
    seconds = seconds_an_article(found)
    return [
        _row("claims by rules, F1", claims.f1 or 0, LEAST_CLAIMS),
        _row("… precision", _precision(claims)),
        _row(f"… whose speaker is right, of {judged}", right / judged, LEAST_SPEAKERS),
        _row("actors by the dictionary, precision", _precision(actors), LEAST_ACTORS),
        _row("… recall", actors.both / actors.second),
        _row("locations by gazetteer and dictionary, F1", locations.f1 or 0, LEAST_LOCATIONS),
        _row("… by the gazetteer alone, F1", counts(found, LOCATION, "gazetteer").f1 or 0),
        _row(f"repetitions of names, precision of {offered}", repetitions / offered),
        Row(
            question="all engines, an article",
            figure=shown(seconds),
            target=f"≤ {shown(MOST_SECONDS)}",
            met=seconds <= MOST_SECONDS,
        ),
    ]


def _row(question: str, value: float, least: float | None = None) -> Row:
    if least is None:
        return Row(question=question, figure=f"{value:.3f}")
    return Row(question=question, figure=f"{value:.3f}", target=f"≥ {least:.2f}", met=value >= least)


def _precision(counted: Counts) -> float:
    return counted.both / counted.first


def _spans(article: dict[str, Any]) -> list[Span]:
    return [
        Span(
            id=span["id"],
            label=span["label"],
            fragments=tuple((start, end) for start, end in span["fragments"]),
            entity=span.get("entity") or "",
        )
        for span in article["annotation_sets"][0]["spans"]
    ]


def _proposed(case: Case, label: str, *engines: str) -> list[Proposal]:
    found = suggest(case.context, [ENGINES[engine] for engine in engines])
    return [proposal for proposal in found if proposal.label == label]


def _as_spans(proposals: Sequence[Proposal]) -> list[Span]:
    return [Span(id=str(i), label=each.label, fragments=each.fragments) for i, each in enumerate(proposals)]


def _speakers_of(case: Case) -> Iterator[bool]:
    proposed, gold = _proposed(case, CLAIM, "quotes"), case.labelled(CLAIM)
    spans = {span.id: span for span in case.gold}
    for i, j in matched_spans(_as_spans(proposed), gold, overlapping):
        if speaker := spans.get(case.speakers.get(gold[j].id, "")):
            links = [link.fragments for link in proposed[i].links if link.relation == MADE_BY]
            yield any(_same(case, fragments, speaker) for fragments in links)


def _same(case: Case, fragments: Fragments, speaker: Span) -> bool:
    """Whether a linked actor is the speaker: the words touch, or stand in apposition (“Rathke, the spokesman”), or
    they touch another short mention of the same entity.
    """
    (start, end), (first, last) = fragments[0], speaker.fragments[0]
    if "," in {case.text[end:first].strip(), case.text[last:start].strip()}:
        return True
    mentions = [speaker] + [
        span
        for span in case.labelled(ACTOR)
        if speaker.entity and span.entity == speaker.entity and span.fragments[-1][1] - span.fragments[0][0] < _MENTION
    ]
    return any(there < end and start < until for span in mentions for there, until in span.fragments)
