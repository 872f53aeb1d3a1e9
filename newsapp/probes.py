"""Addresses for machines that watch: `/healthz`, `/readyz` and `/metrics`.

They are answered before everything else: a probe knows the machine by its number, not by a name in ALLOWED_HOSTS, and
speaks no HTTPS behind the proxy. So they have neither session nor person, and tell nothing about anybody.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse

from annotations.selectors.operating import has_all_migrations, worker_seen
from newsapp.metrics import exposition

_PROBES: Final = ("/healthz", "/readyz", "/metrics")


class ProbesMiddleware:
    """Answers the probes; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in _PROBES:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = {"/healthz": _alive, "/readyz": _ready, "/metrics": _metrics}[request.path_info](request)
        response["Cache-Control"] = "no-store"
        return response


def _alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


def _ready(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served: the database answers and its tables are of this version.

    Whether a worker is there is told, too, but pages work without one: it counts only when asked for (`?worker`).
    """
    found = {"database": False, "migrations": False, "worker": False}
    try:
        found["migrations"] = has_all_migrations()
        found["database"] = True
        found["worker"] = worker_seen()
    except Error:
        pass
    needed = found if "worker" in request.GET else {"database", "migrations"}
    ready = all(found[each] for each in needed)
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


def _metrics(request: HttpRequest) -> HttpResponse:
    """For who has the token, or asks from one of the networks; to all others the address does not exist."""
    if not (_has_token(request) or _is_near(request)):
        return HttpResponse(status=404)
    content, kind = exposition()
    return HttpResponse(content, content_type=kind)


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_near(request: HttpRequest) -> bool:
    """The peer itself is in a network of METRICS_FROM: what a proxy passes on is from anywhere."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")):
        return False
    try:
        peer = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in network for network in settings.METRICS_FROM)
