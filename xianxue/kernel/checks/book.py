"""By which numbers the checks judge: settings of one version, with the document that they come from."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from xianxue.kernel.checks.choices import Severity


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """What one version says of a check: whether it runs, how grave it is, its numbers."""

    is_on: bool
    severity: Severity
    parameters: Mapping[str, int]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "CheckSetting":
        """From data. Raises KeyError, ValueError when something is missing or makes no sense."""
        numbers = {name: int(value) for name, value in given["parameters"].items()}
        return cls(bool(given["is_on"]), Severity(given["severity"]), numbers)


class Book(Protocol):
    """One version of the rules, as far as the engine reads it; an app's own may hold more."""

    @property
    def version(self) -> str:
        """Its number."""

    @property
    def checks(self) -> Mapping[str, CheckSetting]:
        """The settings by the check's code."""


@dataclass(frozen=True, slots=True)
class DatedBook:
    """A version that comes with the release, for an app whose rules the county does not write itself."""

    version: str
    source: str
    valid_from: date
    checks: Mapping[str, CheckSetting]

    def number(self, check: str, name: str) -> int:
        """A parameter of a check. Raises KeyError when the version has none."""
        return self.checks[check].parameters[name]


def read_books(path: Path) -> tuple[DatedBook, ...]:
    """The versions of a file, the oldest first: `[[versions]]` with version, source, valid_from and its `checks`.

    Raises KeyError, ValueError when something is missing or makes no sense.
    """
    given = tomllib.loads(path.read_text(encoding="utf-8"))["versions"]
    books = (
        DatedBook(
            one["version"],
            one["source"],
            one["valid_from"],
            {code: CheckSetting.of(setting) for code, setting in one["checks"].items()},
        )
        for one in given
    )
    return tuple(sorted(books, key=lambda book: book.valid_from))


def book_on(books: Iterable[DatedBook], day: date) -> DatedBook:
    """The version that holds on a day; the first one for a day before all. Raises ValueError where there is none."""
    in_order = sorted(books, key=lambda book: book.valid_from)
    if not in_order:
        raise ValueError("There is no version of the rules.")
    return next((book for book in reversed(in_order) if book.valid_from <= day), in_order[0])
