"""What is counted of aid."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from xianxue.aid import selectors
from xianxue.aid.access import SEES_AID
from xianxue.kernel.indicators import Count, Distinct, Period, Rows, Sum, indicator

FACTS = {
    "period": "year",
    "grain": "school",
    "system": "student_aid",
    "view": SEES_AID,
    "source": _("县教体局年度工作总结；学生资助发放台账"),
}


def _programmes() -> Mapping[str, str]:
    return dict(selectors.programmes())


@indicator(
    "aid.grants",
    label=_("学生资助人次"),
    unit=_("人次"),
    definition=_(
        "发放日期在本年度（1 月 1 日至 12 月 31 日）内的资助笔数。一名学生一个项目一个学期计一人次，"
        "同一学生可计多人次；按实际发放资助的学校统计。"
    ),
    figure="aid_grants",
    beside="aid.persons",
    order=510,
    **FACTS,
)
def grants(period: Period) -> Rows:
    """Grants paid in the calendar year."""
    rows = selectors.grants_paid_between(period.start, period.end)
    return Rows(rows, "school_id", Count(), slices="programme_id", slice_labels=_programmes)


@indicator(
    "aid.amount",
    label=_("学生资助金额"),
    unit=_("元"),
    definition=_("发放日期在本年度（1 月 1 日至 12 月 31 日）内的资助金额之和，以分记账，以元公布。"),
    figure="aid_amount_yuan",
    scale=100,
    order=520,
    **FACTS,
)
def amount(period: Period) -> Rows:
    """Money paid in the calendar year."""
    rows = selectors.grants_paid_between(period.start, period.end)
    return Rows(rows, "school_id", Sum("amount_fen"), slices="programme_id", slice_labels=_programmes)


@indicator(
    "aid.persons",
    label=_("受资助学生"),
    unit=_("人"),
    definition=_(
        "发放日期在本年度内、至少得到一次资助的学生人数，每名学生只计一次。"
        "转学的学生在两所学校各计一次，在全县只计一次，所以各校之和可以大于全县数。"
    ),
    additive=False,
    order=530,
    **FACTS,
)
def persons(period: Period) -> Rows:
    """Different pupils aided in the calendar year."""
    return Rows(selectors.grants_paid_between(period.start, period.end), "school_id", Distinct("person_id"))
