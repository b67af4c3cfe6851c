"""Structured logs: one JSON object a line, without personal data."""

from typing import Any


def logging_config(level: str, *, plain: bool) -> dict[str, Any]:
    """Configuration for `logging`; plain lines for people, JSON for machines.

    Only paths, codes, numbers and times are logged: query strings may hold names, so request lines are not kept.
    """
    formatter = (
        {"format": "%(levelname)s %(name)s %(message)s"}
        if plain
        else {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "json_ensure_ascii": False,
        }
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
        },
    }
