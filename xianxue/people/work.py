"""Rosters that were not sent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.procedures.names import in_words
from xianxue.kernel.work import Line, WorkSource, source
from xianxue.organisations.models import School, Term
from xianxue.organisations.selectors import term_of
from xianxue.people.access import REGISTRAR, WATCHES_ROSTERS
from xianxue.people.models import Enrolment
from xianxue.people.selectors import holds_on


@source
class Rosters(WorkSource):
    """Schools that are open and have nobody on roll this term; they wait for the school's registrar."""

    code = "people.rosters"
    label = gettext_lazy("学生名册")
    system = "pupils"
    unit = "pk"
    until = "count_day"
    acts = REGISTRAR
    sees = WATCHES_ROSTERS

    def waiting(self, today: date) -> QuerySet[Any]:
        """One look into an index for every school: reading the whole roll would take longer than a page may."""
        anybody = Enrolment.unguarded.filter(holds_on(today, "entered_on"), school=OuterRef("pk"))
        terms = Term.objects.filter(starts_on__lte=today).order_by("-starts_on")
        is_open = Q(unit__opened_on=None) | Q(unit__opened_on__lte=today)
        stays_open = Q(unit__closed_on=None) | Q(unit__closed_on__gt=today)
        schools = School.unguarded.filter(is_open, stays_open, Exists(terms), ~Exists(anybody))
        waiting: QuerySet[Any] = schools.annotate(count_day=Subquery(terms.values("count_day")[:1]))
        return waiting

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """Term and school."""
        del reach
        term = term_of(timezone.localdate()) if keys else None
        schools = School.unguarded.filter(pk__in=keys).select_related("unit")
        return {
            one.pk: Line(
                title=_("%(term)s学生名册") % {"term": term},
                asked=_("没有报送学生名册"),
                actor=_("%(unit)s（%(roles)s）") % {"unit": one.unit.shown_name, "roles": in_words(REGISTRAR)},
                href=reverse("schools-detail", args=(one.pk,)),
            )
            for one in schools
        }
