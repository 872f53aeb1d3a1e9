"""Much computing in processes of its own, which end with the one that began them, even when that one is killed.

They import this module and what they are to do, so neither may need Django.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Final

PROCESSES: Final = 2
_AHEAD: Final = 2


def in_order[Input, Output](
    do: Callable[[Input], Output], inputs: Iterable[Input], *, alone: bool = False
) -> Generator[Output]:
    """What `do` makes of each input, in order; no more than a few inputs are taken ahead. `alone`: in this process."""
    if alone:
        yield from map(do, inputs)
        return
    # Begun anew, not forked: a worker has threads and connections that must not be shared.
    pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"), initializer=_follow, initargs=(os.getpid(),))
    try:
        under_way: deque[Future[Output]] = deque()
        for one in inputs:
            under_way.append(pool.submit(do, one))
            if len(under_way) > PROCESSES + _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _follow(starter: int) -> None:
    """In a process: leave when the one that began it is gone."""

    def watch() -> None:
        while os.getppid() == starter:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="starter", daemon=True).start()
