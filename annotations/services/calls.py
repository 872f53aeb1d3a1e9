"""A request to somebody else's server: to public addresses only, and to the very address that was looked at."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from annotations.domain.addresses import Network, Target, check_reachable, target_of
from annotations.domain.errors import InvalidData

TIMEOUT: Final = 10.0
"""Seconds for each step; the whole takes at most twice that."""


class CallFailed(Exception):
    """No answer: the message is a sentence."""


def post(url: str, *, body: bytes, headers: Mapping[str, str], allowed: Sequence[Network] = ()) -> int:
    """The status of the answer, whose body nobody reads; a redirection is an answer like any other.

    Raises:
        CallFailed: it may not be called, or did not answer.
    """
    try:
        target = target_of(url)
        address = check_reachable(_addresses(target), scheme=target.scheme, allowed=allowed)
    except InvalidData as error:
        raise CallFailed(error.detail) from None
    connection = _connection(target, address)
    ended = threading.Timer(2 * TIMEOUT, _cut, [connection])
    ended.daemon = True
    ended.start()
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise CallFailed(_("It did not answer: %(error)s.") % {"error": str(error) or type(error).__name__}) from None
    finally:
        ended.cancel()
        connection.close()


def _addresses(target: Target) -> list[str]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CallFailed(_("Its name is not known.")) from None
    return [str(each[4][0]) for each in found]


def _connection(target: Target, address: str) -> http.client.HTTPConnection:
    """A connection to the address, that calls itself and is checked by the name."""

    def connect(wanted: tuple[str, int], timeout: float, source: object = None) -> socket.socket:  # noqa: ARG001
        return socket.create_connection((address, wanted[1]), timeout)

    connection: http.client.HTTPConnection
    if target.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(target.host, target.port, timeout=TIMEOUT, context=context)
    else:
        connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT)
    connection._create_connection = connect  # type: ignore[attr-defined]  # noqa: SLF001 - the way to pin it
    return connection


def _cut(connection: http.client.HTTPConnection) -> None:
    """End a connection that drips."""
    if connection.sock is not None:
        connection.sock.close()
