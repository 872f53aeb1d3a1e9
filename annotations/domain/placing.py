"""Words beside points of a picture, so that no word lies on another: the first points get theirs first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LETTER: Final = 0.56
"""How wide a letter is on average, in font sizes."""
LONGEST: Final = 28


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a picture: the baseline's place and `start`, `middle` or `end` of it."""

    x: float
    y: float
    anchor: str
    text: str


def words_beside(
    points: Iterable[tuple[float, float, float, str]], *, size: float, width: float, height: float
) -> list[Words | None]:
    """For each point (x, y, radius, words) its words in a font of `size`, or None where there is no room.

    They stay within `width` and `height`, and off the points; longer ones than `LONGEST` are cut.
    """
    given = list(points)
    taken = [(x - r, y - r, x + r, y + r) for x, y, r, _ in given]
    found: list[Words | None] = []
    for x, y, radius, name in given:
        text = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        found.append(_placed((x, y, radius), text, size, (width, height), taken))
    return found


def _placed(
    point: tuple[float, float, float],
    text: str,
    size: float,
    room: tuple[float, float],
    taken: list[tuple[float, float, float, float]],
) -> Words | None:
    x, y, radius = point
    wide, gap = len(text) * size * LETTER, radius + 3
    middle = y + size * 0.35
    for words in (
        Words(x + gap, middle, "start", text),
        Words(x - gap, middle, "end", text),
        Words(x, y + gap + size * 0.8, "middle", text),
        Words(x, y - gap, "middle", text),
    ):
        left = words.x - {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
        box = (left, words.y - size * 0.8, left + wide, words.y + size * 0.25)
        fits = box[0] >= 0 and box[1] >= 0 and box[2] <= room[0] and box[3] <= room[1]
        if fits and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            return Words(round(words.x, 1), round(words.y, 1), words.anchor, text)
    return None


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
