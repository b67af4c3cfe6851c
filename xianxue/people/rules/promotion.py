"""Going up a year: which group a pupil belongs to, and who may stay down or skip. Facts in, group or reason out."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _

from xianxue.organisations.choices import STAGE_YEARS, Stage
from xianxue.people.choices import EnrolmentStatus, ExitReason, PromotionKind


class Group(StrEnum):
    """Where a pupil of the old school year stands when the new one begins."""

    MOVES_UP = "moves_up"
    HELD_BACK = "held_back"
    SKIPPED = "skipped"
    GRADUATES = "graduates"
    SUSPENDED = "suspended"
    LEFT = "left"
    NO_CLASS = "no_class"


@dataclass(frozen=True)
class Facts:
    """What decides: the cohort is the one before an exception of this year."""

    stage: str
    cohort_year: int
    status: str
    exit_reason: str
    has_class: bool
    exception: str = ""


@dataclass(frozen=True)
class StageRule:
    """Whether staying down or skipping is usual in a stage, with its source."""

    is_usual: bool
    basis: str
    article: str
    is_checked: bool


@cache
def _data() -> dict[str, Any]:
    file = resources.files("xianxue.people").joinpath("data/promotion.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def stage_rule(kind: str, stage: str) -> StageRule:
    """The rule of a stage. Raises KeyError."""
    return StageRule(**_data()[kind][stage])


def starts_on(school_year: int) -> date:
    """The day on which grades move up: 1 September (see organisations.models.grade_of_cohort)."""
    return date(school_year, 9, 1)


def group_of(facts: Facts, school_year: int) -> Group:
    """The one group of a pupil who was on roll in the school year before `school_year`."""
    if facts.exit_reason in {ExitReason.GRADUATED, ExitReason.COMPLETED}:
        return Group.GRADUATES
    if facts.exit_reason:
        return Group.LEFT
    if facts.exception:
        return Group.HELD_BACK if facts.exception == PromotionKind.HELD_BACK else Group.SKIPPED
    if school_year - facts.cohort_year >= STAGE_YEARS[Stage(facts.stage)]:
        return Group.GRADUATES
    if facts.status == EnrolmentStatus.SUSPENDED:
        return Group.SUSPENDED
    return Group.MOVES_UP if facts.has_class else Group.NO_CLASS


def exception_wrong(kind: str, facts: Facts, school_year: int, *, knows_rule: bool) -> str | None:
    """Why a pupil may not be recorded as staying down or skipping, or None."""
    what = PromotionKind(kind).label
    group = group_of(facts, school_year)
    if group in {Group.LEFT, Group.SUSPENDED} or (kind == PromotionKind.SKIPPED and group == Group.GRADUATES):
        return _("未能登记%(what)s：该生已离校、休学或已到毕业年级，不适用%(what)s。") % {"what": what}
    if facts.exit_reason:
        return _("未能登记%(what)s：该生已经毕业。请先撤销毕业。") % {"what": what}
    if facts.exception:
        return _("未能登记%(what)s：该生本学年已登记过升级例外。请先撤销原来的登记。") % {"what": what}
    last = STAGE_YEARS[Stage(facts.stage)]
    if kind == PromotionKind.SKIPPED and school_year - facts.cohort_year + 2 > last:
        return _("未能登记跳级：跳级后超出本学段的最高年级。请通过毕业和新学段入学办理。")
    rule = stage_rule(kind, facts.stage)
    if not rule.is_usual and not knows_rule:
        return _("未能登记%(what)s：%(basis)s。确有必要的，勾选“已知规定，确需办理”，并写明理由。") % {
            "what": what,
            "basis": rule.basis,
        }
    return None


def change_day_wrong(day: date, school_year: int, today: date) -> str | None:
    """Grades follow from the year of entry, so that an exception takes effect once the new year has begun, not before."""
    first = starts_on(school_year)
    if today < first:
        return _("未能登记：新学年 %(day)s 才开始。请在开学后登记；在此之前本页只供预览。") % {"day": first}
    if not first <= day <= today:
        return _("未能登记：换班日期应在 %(day)s 到今天之间。请核对日期。") % {"day": first}
    return None
