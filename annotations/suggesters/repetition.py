"""Engine repetition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotations.suggesters.proposals import Context, Engine, Proposal


def _propose(_context: Context) -> Iterator[Proposal]:
    yield from ()


ENGINE: Final = Engine(name="repetition", version="0", propose=_propose)
