"""Emergencies that wait for an overseer's finding."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach, UnitScope
from xianxue.kernel.restricted.declaration import overseers
from xianxue.kernel.restricted.models import Opening
from xianxue.kernel.restricted.selectors import overseen
from xianxue.kernel.work import Line, WorkSource, source


@source
class Emergencies(WorkSource):
    """The glass was broken, and nobody has said whether that was right."""

    code = "restricted.emergencies"
    label = gettext_lazy("紧急查阅复核")
    system = "records"
    unit = "unit_id"

    def waiting(self, today: date) -> QuerySet[Any]:
        """Emergencies without a finding."""
        del today
        return Opening.unguarded.filter(subject_id__isnull=False, verdict="")

    def of_actor(self, reach: Reach) -> Q:
        """Of the domains that the person oversees, without what they read themselves."""
        return overseen(reach) & ~Q(user_id=reach.user_id or 0)

    def in_sight(self, reach: Reach) -> Q:
        """Of the domains that the person oversees."""
        return overseen(reach)

    def scope_in_sight(self, reach: Reach) -> UnitScope:
        """The units of the domains that the person oversees."""
        return overseers.scope(reach)

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """Who read which domain; about whom stands on the page alone."""
        del reach
        return {
            one.pk: Line(
                title=_("%(reader)s紧急查阅“%(domain)s”") % {"reader": one.reader, "domain": one.domain_shown},
                asked=_("复核是否属实必要"),
                actor=_("受限信息监督人"),
                href=reverse("restricted-judge", args=(one.pk,)),
                note=one.started_shown,
            )
            for one in Opening.unguarded.filter(pk__in=keys)
        }
