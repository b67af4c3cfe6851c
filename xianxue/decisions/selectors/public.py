"""What anybody may know of a decision that was made public: its own notice, and nothing around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from xianxue.decisions.models import Publication
from xianxue.kernel.access import whole_county
from xianxue.kernel.procedures import clock

PURPOSE = "公示的公开页"
PAGE = 20
KEPT = timedelta(days=30)
"""A notice stays so long after it ended: a time for objections has passed, and notices name people."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. Votes, opinions, persons who decided, amounts and files are not in here; `text` is what the school wrote."""

    key: UUID
    school: str
    title: str
    place: str
    started_on: date
    due_on: date
    ended_on: date | None
    text: str = ""

    @property
    def is_running(self) -> bool:
        """Whether objections are still taken."""
        return self.ended_on is None


@dataclass(frozen=True, slots=True)
class Notices:
    """One page of notices, newest first."""

    rows: tuple[Notice, ...]
    page: Page  # type: ignore[type-arg]  # of keys and texts, read by the template for its numbers


def _shown() -> QuerySet[Publication]:
    """What the page may show: asked for by the school, decided, not confidential, running or ended lately."""
    today = clock.today()
    lately = Q(ended_on__isnull=True) | Q(ended_on__gte=today - KEPT)
    rows = Publication.objects.filter(lately, is_on_site=True, started_on__lte=today)
    return rows.filter(proposal__is_passed=True, proposal__is_confidential=False)


def notices(number: int) -> Notices:
    """The page of that number; the last one for numbers beyond it. Two queries."""
    with whole_county(PURPOSE):
        rows = _shown().order_by("-started_on", "-pk").select_related("proposal__unit").defer("text")
        page = Paginator(rows, PAGE).get_page(number)
        return Notices(tuple(_notices(page.object_list)), page)


def notice(key: UUID) -> Notice | None:
    """The notice of that name; None where it is not, or no longer, public. One query."""
    with whole_county(PURPOSE):
        found = _shown().filter(public_key=key).select_related("proposal__unit").first()
        return None if found is None else _notice(found, found.text)


def _notices(rows: object) -> Iterator[Notice]:
    return (_notice(row, "") for row in rows)  # type: ignore[attr-defined]  # a page of publications


def _notice(row: Publication, text: str) -> Notice:
    return Notice(
        key=row.public_key,
        school=row.proposal.unit.name,
        title=row.proposal.title,
        place=row.place,
        started_on=row.started_on,
        due_on=row.due_on,
        ended_on=row.ended_on,
        text=text,
    )
