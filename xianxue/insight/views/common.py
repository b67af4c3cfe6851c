"""What the pages have in common: the year asked for, the unit, the ways from year to year."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from xianxue.insight.access import SEES_COUNTY
from xianxue.insight.selectors import default_year
from xianxue.kernel.access import current_reach
from xianxue.kernel.indicators.selectors import computed_years
from xianxue.kernel.ui.parts import Tab
from xianxue.organisations.choices import SCHOOL_KINDS
from xianxue.organisations.models import Unit

FIRST_YEAR, LAST_YEAR = 1949, 2999


def year_of(request: HttpRequest) -> int:
    """The year asked for; the most complete one when none is. Raises Http404 for what is no year."""
    given = request.GET.get("year", "")
    return year_in(given) if given else default_year()


def year_in(text: str) -> int:
    """The year that a text names. Raises Http404 for what is no year."""
    if not text.isdecimal() or len(text) != 4 or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise Http404
    return int(text)


def years(current: int, href: str) -> list[Tab]:
    """Years with values, and the one shown, as ways from one to another; newest first."""
    known = sorted({*computed_years(), current}, reverse=True)
    return [Tab(_("%(year)s 年") % {"year": year}, f"{href}?year={year}", year == current) for year in known]


def sees_county() -> bool:
    """Whether the reader works for the county."""
    return bool(SEES_COUNTY.scope(current_reach()))


def own_school() -> Unit | None:
    """The school of a reader who reaches exactly one; None otherwise."""
    found = list(Unit.objects.filter(kind__in=SCHOOL_KINDS)[:2])
    return found[0] if len(found) == 1 else None


def unit_or_404(pk: int) -> Unit:
    """A unit in reach; absent and out of reach look the same."""
    unit: Any = Unit.objects.filter(pk=pk).first()
    if unit is None:
        raise Http404
    found: Unit = unit
    return found
