"""School years and terms: which one holds on a day."""

from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from xianxue.organisations.models import Term


def terms() -> QuerySet[Term]:
    """All terms, latest first, each with its year."""
    return Term.objects.select_related("year")


def reference_day() -> date:
    """The day as of which rosters are shown unless another is asked for.

    Today while a term covers it or one is still to come; after the last known term, that term's last day.
    Today as well where no term is known.
    """
    today = timezone.localdate()
    last = Term.objects.order_by("-ends_on").values_list("ends_on", flat=True).first()
    return min(today, last) if last else today


def term_of(day: date) -> Term | None:
    """The term that covers the day; in holidays the one before; None before the first known term."""
    return terms().filter(starts_on__lte=day).order_by("-starts_on").first()


def current_term() -> Term | None:
    """The term of the reference day."""
    return term_of(reference_day())
