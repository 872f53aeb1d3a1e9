"""Made-up articles and spans in any number, always the same."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import orjson

_WORDS = ["".join(random.Random(number).choices("abcdefghijklmnoprstuvw", k=2 + number % 9)) for number in range(8_000)]


def text_of(seed: int, characters: int) -> str:
    """Prose-like words in paragraphs."""
    rng = random.Random(seed)
    parts: list[str] = []
    length = 0
    while length < characters:
        sentence = " ".join(rng.choices(_WORDS, k=rng.randint(6, 24))).capitalize() + "."
        sentence += "\n\n" if rng.random() < 0.2 else " "
        parts.append(sentence)
        length += len(sentence)
    return "".join(parts)[:characters].strip()


def spans_of(seed: int, text: str, count: int) -> list[tuple[str, list[tuple[int, int]]]]:
    """Labels and fragments of `count` different spans: actors, locations, and every tenth a claim of two parts."""
    rng = random.Random(seed)
    starts = sorted(rng.sample(range(len(text) - 60), count))
    spans = []
    for number, start in enumerate(starts):
        label = ("claim", "actor", "location")[0 if number % 10 == 0 else 1 + number % 2]
        claim = [(start, start + 20), (start + 30, start + 55)]
        spans.append((label, claim if label == "claim" else [(start, start + 12)]))
    return spans


def _native(text: str, spans: list[tuple[str, list[tuple[int, int]]]]) -> list[dict[str, object]]:
    """The spans in the form of the native document."""
    return [
        {
            "id": f"s{number}",
            "label": label,
            "fragments": fragments,
            "quote": " … ".join(text[begin:end] for begin, end in fragments),
        }
        for number, (label, fragments) in enumerate(spans)
    ]


def documents(count: int, *, spans: int = 20, characters: int = 2_000) -> Iterator[bytes]:
    """Lines of the native form, each with one annotator's submitted set."""
    for number in range(count):
        text = text_of(number, characters)
        annotation_set = {
            "kind": "annotator", "annotator": "ben", "state": "submitted",
            "spans": _native(text, spans_of(number, text, spans)),
        }  # fmt: skip
        document = {
            "id": f"bench-{number:06}", "title": text[:60], "text": text, "language": "en", "outlet": "The Bench",
            "published_at": "2025-03-14", "annotation_sets": [annotation_set],
        }  # fmt: skip
        yield orjson.dumps(document) + b"\n"


def write_file(path: Path, count: int) -> None:
    """`count` documents in a file."""
    with path.open("wb") as file:
        file.writelines(documents(count))
