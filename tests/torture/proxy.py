"""A TCP proxy between clients and the site that does what bad networks do, to the connection that comes next."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections import Counter
from typing import Final, Literal

type Fault = Literal["request cut", "answer cut", "answer lost", "answer delayed"]

FAULTS: Final[tuple[Fault, ...]] = ("request cut", "answer cut", "answer lost", "answer delayed")
DELAY: Final = 1.5  # seconds
_RESET: Final = struct.pack("ii", 1, 0)


class Proxy:
    """Listens on `port` and passes every connection on to the site; faults are armed and strike one chunk each."""

    def __init__(self, site: int) -> None:
        self._site = site
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._armed: Counter[str] = Counter()
        self._lock = threading.Lock()
        threading.Thread(target=self._listen, name="proxy", daemon=True).start()

    def arm(self, fault: Fault) -> None:
        """The next chunk this can strike is struck."""
        with self._lock:
            self._armed[fault] += 1

    def close(self) -> None:
        """Listen no longer."""
        self._listener.close()

    def _take(self, *faults: Fault) -> str:
        with self._lock:
            for fault in faults:
                if self._armed[fault]:
                    self._armed[fault] -= 1
                    return fault
        return ""

    def _listen(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            try:
                site = socket.create_connection(("127.0.0.1", self._site), timeout=60)
            except OSError:  # nobody serves there at the moment: the client learns it as it would without us
                _reset(client)
                continue
            for pump in (self._requests, self._answers):
                threading.Thread(target=pump, args=(client, site), daemon=True).start()

    def _requests(self, client: socket.socket, site: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := client.recv(65_536):
                if self._take("request cut"):
                    site.sendall(chunk[: len(chunk) // 2])
                    break
                site.sendall(chunk)
        _end(client, site)

    def _answers(self, client: socket.socket, site: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := site.recv(65_536):
                match self._take("answer cut", "answer lost", "answer delayed"):
                    case "answer cut":
                        client.sendall(chunk[: len(chunk) // 2])
                        break
                    case "answer lost":
                        break
                    case "answer delayed":
                        time.sleep(DELAY)
                client.sendall(chunk)
        _end(client, site)


def _end(client: socket.socket, site: socket.socket) -> None:
    for each in (client, site):
        with contextlib.suppress(OSError):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def _reset(client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    client.close()
