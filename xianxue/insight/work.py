"""Reports that wait to be released, and released figures that no longer agree with the records."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Case, DateField, Q, QuerySet, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.insight.access import PREPARES, RELEASES
from xianxue.insight.models import Draft, Release
from xianxue.insight.releases.selectors import releases
from xianxue.kernel.access import Reach
from xianxue.kernel.work import Line, WorkSource, source


@source
class Drafts(WorkSource):
    """A draft waits for the second person: not for whoever prepared it."""

    code = "insight.drafts"
    label = gettext_lazy("待发布的报告")
    system = "cockpit_and_report"
    acts = RELEASES
    sees = PREPARES

    def waiting(self, today: date) -> QuerySet[Any]:
        """Every draft."""
        del today
        return Draft.objects.all()

    def of_actor(self, reach: Reach) -> Q:
        """Drafts of others."""
        return super().of_actor(reach) & (Q(prepared_by_id=None) | ~Q(prepared_by_id=reach.user_id or 0))

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The year, and who prepared it."""
        del reach
        return {
            draft.pk: Line(
                title=_("%(year)s 年度报告发布稿") % {"year": draft.year},
                asked=_("已由%(by)s编制，等待发布") % {"by": draft.prepared_by},
                actor=_("局长"),
                href=reverse("release-draft", args=(draft.pk,)),
            )
            for draft in Draft.objects.filter(pk__in=keys).defer("content")
        }


@source
class ReleasedFigures(WorkSource):
    """Figures in force that the nightly comparison found to differ; contents that were touched are late."""

    code = "insight.releases"
    label = gettext_lazy("已发布的数字")
    system = "cockpit_and_report"
    acts = PREPARES
    sees = RELEASES
    until = Case(When(check_made__faults__gt=0, then=TruncDate("check_made__checked_at")), output_field=DateField())

    def waiting(self, today: date) -> QuerySet[Any]:
        """Releases in force whose last comparison was not clean."""
        del today
        differs = Q(check_made__changed__gt=0) | Q(check_made__uncomputed__gt=0) | Q(check_made__faults__gt=0)
        return Release.objects.filter(differs, withdrawal=None, successor=None)

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The release, and what does not agree."""
        del reach
        return {
            release.pk: Line(
                title=_("年度报告 %(number)s") % {"number": release.number},
                asked=_differs(release.check_made),
                actor=_("局学籍管理"),
                href=reverse("release-compare", args=(release.number,)),
            )
            for release in releases().filter(pk__in=keys)
        }


def _differs(check: Any) -> str:
    parts = []
    if check.faults:
        parts.append(_("发布的内容被改动过"))
    if check.changed:
        parts.append(_("已发布数字与现在不符：%(count)s 个") % {"count": check.changed})
    if check.uncomputed:
        parts.append(_("已无法重算：%(count)s 个") % {"count": check.uncomputed})
    return "；".join(parts)
