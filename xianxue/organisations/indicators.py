"""What is counted of schools; and the terms as periods over which the others count."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.indicators import Count, Period, Rows, indicator, provide_periods
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import School
from xianxue.organisations.selectors import known_terms

TERM = "term"


def _terms(year: int) -> Iterator[Period]:
    """The terms counted in a calendar year, in their order."""
    for term in known_terms():
        if term.count_day.year == year:
            yield Period(TERM, term.code, str(term), year, term.starts_on, term.ends_on, term.count_day, term.season)


provide_periods(TERM, _terms)


def schools_open(period: Period) -> QuerySet[School]:
    """Schools and kindergartens open on the count day."""
    open_on = Q(unit__opened_on__isnull=True) | Q(unit__opened_on__lte=period.day)
    return School.objects.filter(open_on).exclude(unit__closed_on__lte=period.day)


def schools_expected(period: Period) -> set[int]:
    """Those who must have sent their rosters for the period."""
    return set(schools_open(period).values_list("pk", flat=True))


FACTS = {"period": TERM, "grain": "school", "system": "schools", "source": _("学校登记；教育事业统计口径")}


@indicator(
    "organisations.schools",
    label=_("学校"),
    unit=_("所"),
    definition=_("统计日开办的中小学校数，含民办学校、中等职业学校和特殊教育学校，不含幼儿园。"),
    order=10,
    **FACTS,
)
def schools(period: Period) -> Rows:
    """Schools without kindergartens."""
    every = schools_open(period)
    return Rows(every.filter(unit__kind=UnitKind.SCHOOL), "pk", Count(), among=every)


@indicator(
    "organisations.kindergartens",
    label=_("幼儿园"),
    unit=_("所"),
    definition=_("统计日开办的幼儿园数，含民办幼儿园。"),
    order=20,
    **FACTS,
)
def kindergartens(period: Period) -> Rows:
    """Kindergartens."""
    every = schools_open(period)
    return Rows(every.filter(unit__kind=UnitKind.KINDERGARTEN), "pk", Count(), among=every)
