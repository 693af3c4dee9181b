"""Logs: one line an event, as JSON, to standard error; never SQL, its parameters, or words of a person.

Is: the configuration of structlog and of the standard library's loggers. An event has a name and plain facts (numbers,
codes, class names). An exception is written as its class and place, not its message: a message of the database driver
may quote a row.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import MutableMapping

import structlog

Event = MutableMapping[str, object]

_QUIET = ("django.db.backends", "psycopg", "psycopg.pool", "asyncio")
"""Loggers whose lines can hold statements or rows: only their severest lines, without text, pass."""


def configure(level: str = "") -> None:
    """Set logs up; `LINLI_LOG` (debug, info, warning, error) is the level unless one is given. Warnings by default."""
    chosen = getattr(logging, (level or os.environ.get("LINLI_LOG", "warning")).upper(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_not_what,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(chosen),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Foreign())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def where_not_what(_logger: object, _method: str, event: Event) -> Event:
    """Turn `exc_info` into class and code places, leaving out messages and local values."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["at_code"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)][-5:]
    return event


class _Foreign(logging.Formatter):
    """Lines of libraries: their name, level and template, never the values put into it."""

    def format(self, record: logging.LogRecord) -> str:
        template = str(record.msg).split("%")[0].strip() if record.args else str(record.msg)
        event: Event = {"event": template, "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info:
            event["exc_info"] = record.exc_info
        rendered = structlog.processors.JSONRenderer(ensure_ascii=False)(None, "", where_not_what(None, "", event))
        return str(rendered)
