"""School years and terms: which one holds on a day."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from xianxue.kernel.access import remembered
from xianxue.kernel.access.prepared import Prepared
from xianxue.kernel.columns import Referent
from xianxue.organisations.models import SchoolYear, Term


def terms() -> QuerySet[Term]:
    """All terms, latest first, each with its year."""
    return Term.objects.select_related("year")


def reference_day() -> date:
    """The day as of which rosters are shown unless another is asked for.

    Today while a term covers it or one is still to come; after the last known term, that term's last day.
    Today as well where no term is known.
    """
    today = timezone.localdate()
    last = remembered("last term", _last_term)
    return min(today, last) if last else today


_LAST_DAYS = Prepared(lambda: Term.objects.order_by("-ends_on").values_list("ends_on")[:1])


def _last_term() -> date | None:
    row = _LAST_DAYS.first()
    return row[0] if row else None


def known_terms() -> list[Term]:
    """All terms with their years, oldest first: a few for each year. One query a request."""
    return remembered("terms", lambda: list(terms().order_by("starts_on")))


def term_of(day: date) -> Term | None:
    """The term that covers the day; in holidays the one before; None before the first known term."""
    return next((term for term in reversed(known_terms()) if term.starts_on <= day), None)


def year_referents() -> list[Referent]:
    """What a cell that names a school year can mean: 2024, 2024-2025, 2024–2025 学年."""
    return [Referent(year.pk, str(year), tuple(_year_spellings(year.start_year))) for year in SchoolYear.objects.all()]


def _year_spellings(start: int) -> Iterator[str]:
    for years in (f"{start}", *(f"{start}{mark}{start + 1}" for mark in "-–—~/")):
        yield years
        yield f"{years}学年"


def current_term() -> Term | None:
    """The term of the reference day."""
    return term_of(reference_day())
