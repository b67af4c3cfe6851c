"""Reading releases and drafts; the large columns only where they are needed."""

import json
from typing import Any

from django.db.models import QuerySet

from xianxue.insight.models import Draft, Release

LARGE = ("body", "statement", "docx", "html", "parts")


def releases() -> QuerySet[Release]:
    """All releases, newest first, with what came after them, without their texts and files."""
    return Release.objects.defer(*LARGE).select_related("withdrawal", "successor", "supersedes", "check_made")


def released(number: str) -> Release | None:
    """The release of that number, or None."""
    return releases().filter(number=number).first()


def in_force(year: int) -> Release | None:
    """The release of the year that neither was withdrawn nor has a successor."""
    return releases().filter(year=year, withdrawal=None, successor=None).first()


def all_in_force() -> list[Release]:
    """Every release that still speaks for its year."""
    return list(releases().filter(withdrawal=None, successor=None))


def is_in_force(release: Release) -> bool:
    """Whether the release still speaks for its year."""
    return not hasattr(release, "withdrawal") and not hasattr(release, "successor")


def body_of(release: Release) -> dict[str, Any]:
    """What the release holds, as plain values."""
    found: dict[str, Any] = json.loads(release.body)
    return found


def content_of(what: Release | Draft) -> dict[str, Any]:
    """Text and figures of a release or of a draft."""
    found: dict[str, Any] = json.loads(what.content) if isinstance(what, Draft) else body_of(what)["content"]
    return found


def drafts() -> QuerySet[Draft]:
    """What waits for the second person, without its content."""
    return Draft.objects.defer("content").order_by("-year")
