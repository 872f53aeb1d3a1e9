"""Logs: one line an event, as text or JSON, each with the id of its request; nothing of articles, passwords or tokens.

Three things would bring people's data into a log, and are left out here: addresses of requests (an invitation's link
is one), messages of exceptions (PostgreSQL quotes the row it refused), and values of SQL (which DEBUG would log).
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final

import structlog

STYLES: Final = ("text", "json")
LEVELS: Final = ("info", "warning", "error")
# Their messages are written by the language or the system, and name no value of anybody's data.
_OF_THE_PROGRAM: Final = (
    AttributeError, ImportError, MemoryError, NameError, NotImplementedError, OSError, RecursionError, TypeError,
)  # fmt: skip
_KEYS: Final = ["timestamp", "level", "logger", "event"]

type Event = MutableMapping[str, Any]
type ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def configuration(*, style: str, level: str) -> dict[str, Any]:
    """What `logging.config` takes: everything to standard error, in this style, from this level on."""
    last: list[Any] = (
        [structlog.processors.JSONRenderer(ensure_ascii=False)] if style == "json" else [_traceback_last, _as_text]
    )
    own = {"handlers": ["console"], "level": "WARNING", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [
                    structlog.contextvars.merge_contextvars,
                    structlog.stdlib.add_logger_name,
                    structlog.stdlib.add_log_level,
                    structlog.stdlib.ExtraAdder(allow=["method", "route", "status", "ms", "user", "job"]),
                    structlog.processors.TimeStamper(fmt="iso", utc=True),
                    _without_addresses,
                    _without_messages,
                ],
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "newsapp": {"level": level.upper()},
            "annotations": {"level": level.upper()},
            "gunicorn.error": own,
            "gunicorn.http.wsgi": {**own, "level": "ERROR"},  # it would warn at every HEAD request
        },
    }


def route_of(request: Any) -> str:
    """The pattern of the request's address: what was asked for, without whose."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match is not None else "(no such address)"


def _without_addresses(_logger: Any, _method: str, event: Event) -> Event:
    """Requests are named by their pattern; what a web server says about one it cannot read is not repeated."""
    record: logging.LogRecord = event["_record"]
    request = getattr(record, "request", None)
    if request is not None and hasattr(request, "resolver_match"):
        event["event"] = f"{getattr(record, 'status_code', '')} {request.method} {route_of(request)}".strip()
    elif record.name == "gunicorn.error":
        said = str(event["event"])
        for beginning in ("Error handling request", "Invalid request from"):
            if said.startswith(beginning):
                event["event"] = beginning if beginning.startswith("Error") else said.partition(": ")[0]
    return event


def _without_messages(_logger: Any, _method: str, event: Event) -> Event:
    """A traceback's files, lines and functions, and the kinds of its exceptions, causes first."""
    info = event.pop("exc_info", None)
    event["_record"].exc_info = event["_record"].exc_text = None
    if info and info[1] is not None:
        event["exception"] = told(info)
    return event


def told(info: ExcInfo) -> str:
    """A traceback without what the exceptions say, except where the program speaks of itself."""
    error = info[1]
    if error is None:
        return ""
    parts = []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        parts.append(told((type(before), before, before.__traceback__)))
    frames = traceback.format_list(traceback.extract_tb(info[2]))
    return "\n".join([*parts, "".join(frames).rstrip(), _named(error)])


def _named(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if isinstance(error, _OF_THE_PROGRAM):
        return f"{name}: {error}"
    # Of a refusal by PostgreSQL: its code and the rule's name, which are ours.
    found = getattr(error, "diag", None)
    rule = [str(part) for part in (getattr(found, "sqlstate", None), getattr(found, "constraint_name", None)) if part]
    return " ".join([name, *rule])


def _traceback_last(_logger: Any, _method: str, event: Event) -> Event:
    event["exception"] = event.pop("exception", "")
    return event


def _as_text(_logger: Any, _method: str, event: Event) -> str:
    """`TIME LEVEL LOGGER: what happened key=value`, and a traceback below."""
    exception = event.pop("exception")
    more = "".join(f" {key}={value}" for key, value in event.items() if key not in _KEYS)
    line = f"{event['timestamp']} {event['level'].upper()} {event['logger']}: {event['event']}{more}"
    return f"{line}\n{exception}" if exception else line
