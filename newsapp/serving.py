"""How gunicorn serves: read by it as its configuration (`gunicorn -c python:newsapp.serving`, started by run.py).

gunicorn, because it cuts the connection when a streamed answer breaks: an export that failed half-way must not look
like a whole one. Its workers are processes with threads; one that dies is replaced at once.
"""

from __future__ import annotations

import gc
import os
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from newsapp import environment, lifeline, logs

_STALLED = 60  # seconds without a byte from or to a client, after which its thread is needed for others


class Worker(ThreadWorker):  # type: ignore[misc]
    """A thread is taken when a request begins to arrive, not when a connection is opened.

    Browsers open connections ahead of need. gunicorn's own worker waits five seconds with a thread on each of them.
    """

    def accept(self, listener: socket.socket) -> None:
        """Put a new connection under watch."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", _STALLED, 0))
        connection = TConn(self.cfg, client, address, listener.getsockname())
        connection.timeout = time.monotonic() + self.cfg.keepalive
        self.nr_conns += 1
        self.pending_conns.append(connection)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, connection))


def when_ready(_server: Any) -> None:
    """Before the first fork: the loaded program is left out of garbage collection, so that its memory stays shared.

    The starter is told that this server can take over.
    """
    gc.collect()
    gc.freeze()
    ready = os.environ.pop("NEWSAPP_READY", "")
    if ready.isdecimal():
        os.write(int(ready), b"1")
        os.close(int(ready))


def post_fork(_server: Any, _worker: Any) -> None:
    """In each new worker: when the starter dies, the web server is told to leave at once."""
    lifeline.hold(os.getppid())


def child_exit(_server: Any, worker: Any) -> None:
    """What the process had of gauges goes; what it counted stays."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


_host = os.environ.get("HOST", "").strip() or "127.0.0.1"
_port = environment.number("PORT", default=8000, least=1, most=65_535)
_socket = os.environ.get("NEWSAPP_SOCKET", "")  # the starter's: it stays open while one server follows another
bind = [f"fd://{_socket}" if _socket else f"[{_host}]:{_port}" if ":" in _host else f"{_host}:{_port}"]
workers = environment.number("WEB_WORKERS", default=2, least=1, most=64)
threads = 8
worker_class = "newsapp.serving.Worker"
worker_connections = 512
preload_app = True  # loaded once, shared by the workers, and a new worker serves at once
keepalive = 75
graceful_timeout = 10
timeout = 60  # a worker whose main thread says nothing for so long is replaced; requests may take longer
limit_request_line = 8190
logconfig_dict = logs.configuration(
    style=environment.one_of("LOG_FORMAT", default="text", known=logs.STYLES),
    level=environment.one_of("LOG_LEVEL", default="info", known=logs.LEVELS),
)
loglevel = "warning"
control_socket_disable = True
