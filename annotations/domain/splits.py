"""Splits: which articles are for training, for development and for the test, by hash alone."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from annotations.domain.errors import InvalidData
from annotations.domain.wording import _

PARTS: Final = ("train", "dev", "test")
_WRITTEN: Final = re.compile(r"(\d{1,4})[/,:-](\d{1,4})[/,:-](\d{1,4})")


@dataclass(frozen=True, slots=True)
class Ratio:
    """The shares of train, dev and test; they need not sum to 100."""

    train: int
    dev: int
    test: int

    def __str__(self) -> str:
        return f"{self.train}/{self.dev}/{self.test}"


def ratio_of(written: str) -> Ratio:
    """The ratio that `80/10/10` means.

    Raises:
        InvalidData: it is none.
    """
    match = _WRITTEN.fullmatch(written.strip())
    ratio = Ratio(*map(int, match.groups())) if match else None
    if ratio is None or not ratio.train + ratio.dev + ratio.test:
        raise InvalidData(_("a split is three numbers for train, dev and test, such as 80/10/10."))
    return ratio


def part_of(key: str, ratio: Ratio) -> str:
    """One of `PARTS`: the same for the same key, wherever and whenever; articles with one key are never parted."""
    drawn = int.from_bytes(hashlib.sha256(f"split:{key}".encode()).digest()[:8])
    place = drawn * (ratio.train + ratio.dev + ratio.test) >> 64
    if place < ratio.train:
        return PARTS[0]
    return PARTS[1] if place < ratio.train + ratio.dev else PARTS[2]
