"""What is counted of capital projects, and which of them are late."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import code_table
from xianxue.kernel.indicators import Count, Period, Rows, Sum, indicator
from xianxue.projects import selectors
from xianxue.projects.access import SEES_PROJECTS
from xianxue.projects.models import CapitalProject, ProjectFunding

FACTS = {
    "period": "year",
    "grain": "school",
    "system": "capital_projects",
    "view": SEES_PROJECTS,
    "source": _("县教体局年度工作总结；项目建设台账"),
}


def _kinds() -> Mapping[str, str]:
    return code_table("project_kind").labels


def _sources() -> Mapping[str, str]:
    return code_table("funding_source").labels


def _in_plan(period: Period) -> QuerySet[CapitalProject]:
    return selectors.building_projects(period.start, period.end)


@indicator(
    "projects.capital",
    label=_("新建、改扩建项目"),
    unit=_("个"),
    definition=_(
        "年末以前立项、年初以前没有办结竣工财务决算的新建、扩建、改建项目个数；维修和购置不计。"
        "民生实事项目是其中的一部分，不另计。"
    ),
    figure="capital_projects",
    order=210,
    **FACTS,
)
def capital(period: Period) -> Rows:
    """Projects in the building plan of the year."""
    return Rows(_in_plan(period), "unit_id", Count(), slices="kind", slice_labels=_kinds)


@indicator(
    "projects.livelihood",
    label=_("列入民生实事的项目"),
    unit=_("个"),
    definition=_("本年度新建、改扩建项目中列入县民生实事工程的个数。"),
    figure="livelihood_projects",
    order=220,
    **FACTS,
)
def livelihood(period: Period) -> Rows:
    """Those on the livelihood list."""
    plan = _in_plan(period)
    return Rows(plan.filter(is_livelihood=True), "unit_id", Count(), among=plan)


@indicator(
    "projects.places",
    label=_("新增学位"),
    unit=_("个"),
    definition=_(
        "本年度已交付使用的项目，以及计划在本年度起、至当年秋季起的学年结束以前交付的项目，其新增学位之和。"
        "尚未交付的部分是计划数；只算已交付的见“已交付学位”。"
    ),
    figure="new_school_places",
    direction="up",
    beside="projects.places_delivered",
    order=230,
    **FACTS,
)
def places(period: Period) -> Rows:
    """Places delivered in the year, or due before the school year ends."""
    due = selectors.school_year_end(period.year)
    rows = selectors.delivered_or_due(period.start, period.end, due).filter(places__gt=0)
    return Rows(rows, "unit_id", Sum("places"), among=_in_plan(period))


@indicator(
    "projects.places_delivered",
    label=_("已交付学位"),
    unit=_("个"),
    definition=_("本年度内达到“交付使用”节点的项目，其新增学位之和。计划交付而未交付的不计。"),
    direction="up",
    order=240,
    **FACTS,
)
def places_delivered(period: Period) -> Rows:
    """Places of the projects handed over in the year."""
    rows = selectors.delivered_between(period.start, period.end).filter(places__gt=0)
    return Rows(rows, "unit_id", Sum("places"), among=_in_plan(period))


def _money(period: Period, field: str) -> Rows:
    rows = ProjectFunding.objects.filter(project__in=_in_plan(period))
    return Rows(rows, "project__unit_id", Sum(field), slices="source", slice_labels=_sources)


@indicator(
    "projects.planned",
    label=_("项目计划资金"),
    unit=_("元"),
    definition=_("本年度新建、改扩建项目各来源计划资金之和，自立项起累计。"),
    scale=100,
    order=250,
    **FACTS,
)
def planned(period: Period) -> Rows:
    """Money planned for the projects of the year."""
    return _money(period, "planned_fen")


@indicator(
    "projects.received",
    label=_("项目到位资金"),
    unit=_("元"),
    definition=_("本年度新建、改扩建项目各来源到位资金之和，自立项起累计，以台账最近一次登记为准。"),
    scale=100,
    order=260,
    **FACTS,
)
def received(period: Period) -> Rows:
    """Money received for the projects of the year."""
    return _money(period, "received_fen")


@indicator(
    "projects.paid",
    label=_("项目支付资金"),
    unit=_("元"),
    definition=_("本年度新建、改扩建项目各来源已支付资金之和，自立项起累计，以台账最近一次登记为准。"),
    scale=100,
    order=270,
    **FACTS,
)
def paid(period: Period) -> Rows:
    """Money paid out on the projects of the year."""
    return _money(period, "paid_fen")


@indicator(
    "projects.paid_share",
    label=_("资金支付率"),
    unit="%",
    definition=_("本年度新建、改扩建项目已支付资金占到位资金的百分比。"),
    times=100,
    places=1,
    order=280,
    **FACTS,
)
def paid_share(period: Period) -> Rows:
    """Paid as a share of what was received."""
    rows = ProjectFunding.objects.filter(project__in=_in_plan(period))
    per = Rows(rows, "project__unit_id", Sum("received_fen"))
    return Rows(rows, "project__unit_id", Sum("paid_fen"), per=per)
