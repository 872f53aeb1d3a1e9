"""How long does each format take to write and read, and does memory grow with the number of articles?

`python -m benchmarks.formats KEY ARTICLES` does one, in a process of its own, and prints seconds out, seconds in, MiB.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Final

from annotations.domain.documents import AnnotationSet, Document, Relation, Span
from annotations.formats import READERS, WRITERS, ReadOptions, WriteOptions
from benchmarks.rows import Row, shown

MANY: Final = 10_000
FEW: Final = 1_000
_SPANS: Final = 20
_WORDS: Final = (
    "rates",
    "will",
    "rise",
    "Ana",
    "Ruiz",
    "of",
    "the",
    "Bank",
    "Spain",
    "said",
    "in",
    "🙂",
    "and",
    "soon",
)
# These must carry whole projects; of the others a tenth is measured.
_GREAT: Final = ("jsonl", "csv", "doccano", "brat")
_MOST: Final = 300
_GROWTH: Final = 60


def measure() -> list[Row]:
    """Rows of the table."""
    rows = []
    for key in WRITERS:
        memory = []
        for articles in (FEW, MANY) if key in _GREAT else (FEW,):
            out, back, most = _run(key, articles)
            memory.append(most)
            times = f"{shown(out)} out" + (f", {shown(back)} in" if key in READERS else "")
            rows.append(Row(question=f"{key}: {articles:,} articles with {_SPANS * articles:,} spans", figure=times))
        if key in _GREAT:
            few, most = memory
            figure = f"{most} MiB, {most - few:+} MiB"
            target = f"< {_MOST} MiB, growth < {_GROWTH} MiB"
            met = most < _MOST and most - few < _GROWTH
            rows.append(
                Row(question=f"{key}: memory, and its growth from 1,000", figure=figure, target=target, met=met)
            )
    return rows


def _run(key: str, articles: int) -> tuple[float, float, int]:
    command = [sys.executable, "-m", "benchmarks.formats", key, str(articles)]
    out, back, most = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(out), float(back), int(most)


def documents(articles: int) -> Iterator[Document]:
    """Articles of 500 words with twenty spans and a relation."""
    chance = random.Random(1)
    for number in range(articles):
        starts = range(0, _SPANS * 100, 100)  # well within the shortest text
        spans = tuple(
            Span(
                id=f"s{index}",
                label=chance.choice(["claim", "actor", "location"]),
                fragments=((start, start + chance.randrange(3, 60)),),
            )
            for index, start in enumerate(starts)
        )
        link = Relation(id="r1", label="made_by", source="s0", target="s1")
        one = AnnotationSet(kind="gold", state="done", spans=spans, relations=(link,))
        text = " ".join(chance.choice(_WORDS) for _ in range(500))
        yield Document(id=f"a{number}", text=text, title="Rates", outlet="Sum", annotation_sets=(one,))


def _measure_one(key: str, articles: int) -> None:
    with tempfile.TemporaryFile() as file:
        begun = time.perf_counter()
        for piece in WRITERS[key](documents(articles), WriteOptions()):
            file.write(piece)
        out = time.perf_counter() - begun
        file.seek(0)
        begun = time.perf_counter()
        if key in READERS:
            found = sum(item.document is not None for item in READERS[key](file, ReadOptions(name="bench")))
            assert found == articles, f"{found} articles came back"
        back = time.perf_counter() - begun
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{out:.3f} {back:.3f} {most}")


if __name__ == "__main__":
    _measure_one(sys.argv[1], int(sys.argv[2]))
