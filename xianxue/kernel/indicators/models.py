"""Values of indicators as additive parts, each with the version of the definition that it was computed by."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access.models import ReachModel


class DefinitionVersion(models.Model):
    """What an indicator meant, since when: written when a definition is first used.

    `fingerprint` binds words and code; the same version with another fingerprint is a fault of the release.
    """

    code = models.CharField(_("指标"), max_length=60)
    version = models.PositiveSmallIntegerField(_("口径版本"))
    fingerprint = models.CharField(_("口径摘要"), max_length=64)
    label = models.CharField(_("名称"), max_length=60)
    definition = models.TextField(_("统计口径"))
    measure_word = models.CharField(_("单位"), max_length=20)
    source = models.TextField(_("来源"))
    first_used_at = models.DateTimeField(_("首次使用时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("指标口径")
        constraints = (
            models.UniqueConstraint(fields=("code", "version", "fingerprint"), name="one_row_per_definition"),
        )

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Computation(models.Model):
    """That an indicator was computed for a period: when, from how many rows, up to which event of the log.

    `units_expected` is empty where the declaration does not say who must report.
    """

    code = models.CharField(_("指标"), max_length=60)
    version = models.PositiveSmallIntegerField(_("口径版本"))
    period = models.CharField(_("统计期"), max_length=20)
    period_kind = models.CharField(_("统计期类别"), max_length=20)
    period_label = models.CharField(_("统计期名称"), max_length=40)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    rows = models.BigIntegerField(_("行数"))
    units_reporting = models.PositiveIntegerField(_("已有记录的单位数"))
    units_expected = models.PositiveIntegerField(_("应有记录的单位数"), null=True)
    computed_at = models.DateTimeField(_("计算时间"))
    event_seq = models.BigIntegerField(_("留痕序号"))

    class Meta:
        verbose_name = verbose_name_plural = _("指标计算")
        constraints = (
            models.UniqueConstraint(fields=("code", "version", "period"), name="one_computation_per_period"),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.period}"


class Part(ReachModel):
    """What one unit adds to an indicator: sums, never a ratio.

    `unit_id` is null for the whole of what does not add up (different persons); `member` names a slice, and is empty
    for the unit's whole. `denominator` is null where nothing is divided.
    """

    code = models.CharField(_("指标"), max_length=60)
    version = models.PositiveSmallIntegerField(_("口径版本"))
    period = models.CharField(_("统计期"), max_length=20)
    unit_id = models.BigIntegerField(_("机构编号"), null=True)
    member = models.CharField(_("分项"), max_length=60, blank=True)
    numerator = models.BigIntegerField(_("分子"))
    denominator = models.BigIntegerField(_("分母"), null=True)
    rows = models.BigIntegerField(_("行数"))

    reach_fields: ClassVar[tuple[str, ...]] = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("可加分量")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "version", "period", "unit_id", "member"), name="one_part_per_unit_and_slice"
            ),
        )
        indexes = (models.Index(fields=("period", "member", "code"), name="part_of_period"),)

    def __str__(self) -> str:
        return f"{self.code} {self.period} {self.unit_id}"
