"""Structured logs: one JSON object a line, without personal data."""

import logging
import traceback
from typing import Any

from pythonjsonlogger.json import JsonFormatter


def places_of(error: BaseException | None) -> str:
    """Kinds and places of an error and its causes; not its words: a database quotes the row that it refuses."""
    parts = []
    while error is not None:
        parts.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n\n".join(parts)


class PlainLines(logging.Formatter):
    """Lines for people."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Places only."""
        return places_of(ei[1])


class JsonLines(JsonFormatter):
    """Lines for machines."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Places only."""
        return places_of(ei[1])


def logging_config(level: str, *, plain: bool) -> dict[str, Any]:
    """Configuration for `logging`; plain lines for people, JSON for machines.

    Only paths, codes, numbers and times are logged: query strings may hold names, so request lines are not kept.
    """
    formatter = (
        {"()": "xianxue.config.logs.PlainLines", "format": "%(levelname)s %(name)s %(message)s"}
        if plain
        else {
            "()": "xianxue.config.logs.JsonLines",
            "format": "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s",
            "json_ensure_ascii": False,
        }
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "filters": {"request": {"()": "xianxue.config.operations.requests.WithRequestId"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
        },
    }
