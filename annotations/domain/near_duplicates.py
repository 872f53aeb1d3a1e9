"""Near copies of a text, such as one agency report in several outlets: found by the sequences of words they share.

A sketch is a MinHash signature: of the hashes of all sequences of three words, the smallest under each of sixty
permutations. Two texts have as many numbers in common as their sequences overlap (Jaccard). Texts that have one of
twenty bands of three numbers in common are compared; with an overlap of six in ten nearly all pairs have one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS: Final = 60
BANDS: Final = 20
THRESHOLD: Final = 0.6
"""Near copies share at least this part of all their sequences of three words."""
FEWEST_WORDS: Final = 20
"""Shorter texts have no sketch: headlines and notices are alike without being copies."""
_ROWS: Final = PERMUTATIONS // BANDS
_PIECE: Final = 8_192
_WORD: Final = re.compile(r"\w+")

type _Hashes = NDArray[np.uint64]


def _mixed(values: _Hashes) -> _Hashes:
    """Numbers without any order left in them (splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
with np.errstate(over="ignore"):
    _SEEDS: Final[_Hashes] = _mixed(np.arange(1, 2 * PERMUTATIONS + 1, dtype=np.uint64) * _STEP)
_FACTORS: Final = (_SEEDS[:PERMUTATIONS] >> np.uint64(32)).astype(np.uint32) | np.uint32(1)
_TERMS: Final = (_SEEDS[PERMUTATIONS:] >> np.uint64(32)).astype(np.uint32)


@dataclass(frozen=True, slots=True)
class Sketch:
    """`signature` are sixty numbers of 32 bits with a sign, `bands` twenty of 64."""

    signature: Sequence[int]
    bands: Sequence[int]


def sketch_of(text: str, *, salt: int = 0) -> Sketch | None:
    """The sketch of a text; None for one that is too short. Bands of different salts never meet."""
    words = _WORD.findall(text.casefold())
    if len(words) < FEWEST_WORDS:
        return None
    numbers = np.fromiter(map(crc32, map(str.encode, words)), dtype=np.uint64, count=len(words))
    smallest = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, dtype=np.uint32)
    with np.errstate(over="ignore"):
        mixed = _mixed(numbers[:-2] * _SEEDS[0] + numbers[1:-1] * _SEEDS[1] + numbers[2:] * _SEEDS[2])
        sequences = (mixed >> np.uint64(32)).astype(np.uint32)
        for start in range(0, len(sequences), _PIECE):
            permuted = _FACTORS[:, None] * sequences[start : start + _PIECE] + _TERMS[:, None]
            np.minimum(smallest, permuted.min(axis=1), out=smallest)
        rows = _mixed(smallest.astype(np.uint64)).reshape(BANDS, _ROWS)
        keys = (rows * _SEEDS[:_ROWS]).sum(axis=1, dtype=np.uint64) + np.arange(BANDS, dtype=np.uint64) * _STEP
        keys = _mixed(keys + np.uint64(salt & (2**64 - 1)))
    return Sketch(tuple(smallest.view(np.int32).tolist()), tuple(keys.view(np.int64).tolist()))


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """The part of their sequences of words that two texts share, as far as their signatures tell (0 to 1)."""
    return float(np.mean(np.array(one, dtype=np.int64) == np.array(other, dtype=np.int64)))
