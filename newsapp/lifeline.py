"""A child process that does not outlive the program that started it, not even when that one is killed.

The starter keeps the writing end of a pipe and gives the reading end to its children. When the starter dies, however
it dies, the kernel closes the pipe and every reader wakes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator

_VARIABLE = "NEWSAPP_LIFELINE"


@contextlib.contextmanager
def thrown() -> Iterator[int]:
    """In the starter: the descriptor to give to children (`pass_fds`); its number is in their environment."""
    reading, writing = os.pipe()
    os.environ[_VARIABLE] = str(reading)
    try:
        yield reading
    finally:
        del os.environ[_VARIABLE]
        os.close(reading)
        os.close(writing)


def hold(process: int) -> None:
    """In a child: send SIGQUIT to this process when the starter is gone."""
    descriptor = os.environ.get(_VARIABLE, "")
    if descriptor.isdecimal():
        # Shells start what runs in the background deaf to this signal.
        if signal.getsignal(signal.SIGQUIT) is signal.SIG_IGN:
            signal.signal(signal.SIGQUIT, signal.SIG_DFL)
        threading.Thread(target=_watch, args=(int(descriptor), process), name="lifeline", daemon=True).start()


def _watch(descriptor: int, process: int) -> None:
    with contextlib.suppress(OSError):
        os.read(descriptor, 1)  # nobody writes: this returns when the pipe is closed
        os.kill(process, signal.SIGQUIT)
