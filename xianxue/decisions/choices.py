"""Enumerations of major decisions that the program depends on; amounts, days and lists of matters are data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    """The four kinds of 三重一大."""

    DECISION = "decision", _("重大决策")
    APPOINTMENT = "appointment", _("重要人事任免")
    PROJECT = "project", _("重大项目安排")
    FUNDS = "funds", _("大额资金使用")


class PreparationKind(models.TextChoices):
    """What must, or may, be done before a meeting."""

    RESEARCH = "research", _("调研论证")
    ALTERNATIVES = "alternatives", _("比选方案")
    CONSULTATION = "consultation", _("征求意见")
    EXPERT = "expert", _("专家论证")
    RISK = "risk", _("风险评估")
    LEGAL = "legal", _("合法性审查")
    INTEGRITY = "integrity", _("廉洁性审查")
    COMMUNICATION = "communication", _("书记校长沟通")
    FILING = "filing", _("会前报备")
    RECOMMENDATION = "recommendation", _("民主推荐")
    INSPECTION = "inspection", _("组织考察")
    DELIBERATION = "deliberation", _("会前酝酿")
    REPLY = "reply", _("上级批复")


REVIEWS = (PreparationKind.LEGAL, PreparationKind.INTEGRITY)
"""Reviewed by somebody who did not propose."""
PERSONNEL = (
    PreparationKind.RECOMMENDATION,
    PreparationKind.INSPECTION,
    PreparationKind.DELIBERATION,
    PreparationKind.REPLY,
)
STUDIES = (
    PreparationKind.RESEARCH,
    PreparationKind.ALTERNATIVES,
    PreparationKind.CONSULTATION,
    PreparationKind.EXPERT,
    PreparationKind.RISK,
)


class PreparationResult(models.TextChoices):
    """What a preparation came to."""

    DONE = "done", _("已完成")
    AGREED = "agreed", _("同意")
    REFUSED = "refused", _("不同意")
    DISPUTED = "disputed", _("有重大分歧")


class EditionState(models.TextChoices):
    """Where an edition of the catalogue stands with the bureau."""

    DRAFT = "draft", _("起草中")
    SENT = "sent", _("待县局备案")
    FILED = "filed", _("已备案")
    RETURNED = "returned", _("退回修改")
    DROPPED = "dropped", _("已作废")


class Phase(models.TextChoices):
    """When what a check looks at happens."""

    BEFORE = "before", _("事前")
    DURING = "during", _("事中")
    AFTER = "after", _("事后")
