"""What holds proposals back from their meetings, for whoever must see to it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.access import INSPECTS, LEADS, PREPARES, READS, RECORDS
from xianxue.decisions.models import MissingItem
from xianxue.decisions.models.missing import Whose
from xianxue.kernel.access import Grant, Reach
from xianxue.kernel.work import Line, WorkSource, source

GRANTS: Mapping[str, Grant] = {Whose.INSPECTOR: INSPECTS, Whose.LEADERS: LEADS, Whose.OFFICE: RECORDS}


@source
class Missing(WorkSource):
    """Missing items of proposals under preparation."""

    code = "decisions.missing"
    label = gettext_lazy("会前缺项")
    system = "decisions"
    unit = "proposal__unit_id"
    until = "until"
    sees = READS

    def waiting(self, today: date) -> QuerySet[Any]:
        """Those of proposals under preparation; they go as soon as they are met."""
        del today
        return MissingItem.unguarded.filter(proposal__matter__state="preparing")

    def of_actor(self, reach: Reach) -> Q:
        """By whose move each is: the proposer's own, a reviewer's who is not the proposer, or those of a role."""
        mine = Q(proposal__proposer_id=reach.user_id or 0)
        condition = Q(whose=Whose.PROPOSER) & mine
        condition |= Q(whose=Whose.REVIEWER) & ~mine & (PREPARES | INSPECTS).scope(reach).q(self.unit)
        for whose, grant in GRANTS.items():
            condition |= Q(whose=whose) & grant.scope(reach).q(self.unit)
        return condition

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The proposal, and what it lacks."""
        del reach
        rows = MissingItem.unguarded.filter(pk__in=keys).select_related("proposal__unit")
        return {one.pk: _line(one) for one in rows}


def _line(one: MissingItem) -> Line:
    proposal = one.proposal
    named = proposal.proposer_name if one.whose == Whose.PROPOSER else one.get_whose_display()
    return Line(
        title=proposal.title,
        asked=one.text,
        actor=_("%(unit)s（%(who)s）") % {"unit": proposal.unit.shown_name, "who": named},
        href=reverse("decisions-preflight", args=(proposal.pk,)),
        note=one.label,
    )
