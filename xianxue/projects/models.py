"""Capital projects with their money by source and the gates that they have reached."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.models import Unit


class CapitalProject(ReachModel):
    """A building project. The projects on the livelihood list are marked, never listed a second time.

    `places` are those of classes × standard size; they count once the building is handed over (gate 交付使用), whose
    date stands with the gates and nowhere else. `built_percent` is the progress that the owner reports.
    """

    code = models.CharField(
        _("项目编号"),
        max_length=30,
        unique=True,
        error_messages={"unique": _("未能保存：这个项目编号已经是另一个项目的。请核对编号。")},
    )
    name = models.CharField(_("项目名称"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="capital_projects", verbose_name=_("所属单位"))
    kind = models.CharField(_("建设类型"), max_length=10)
    is_livelihood = models.BooleanField(_("民生实事"), default=False)
    listed_on = models.DateField(_("立项日期"))
    approved_fen = models.PositiveBigIntegerField(_("批准概算（分）"), null=True, blank=True)
    places = models.PositiveIntegerField(_("新增学位"), null=True, blank=True)
    expected_on = models.DateField(_("计划交付日期"), null=True, blank=True)
    built_percent = models.PositiveSmallIntegerField(
        _("形象进度（%）"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )

    reach_fields: ClassVar[tuple[str, ...]] = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("建设项目")
        constraints = (
            models.CheckConstraint(
                condition=Q(built_percent__isnull=True) | Q(built_percent__lte=100),
                name="built_at_most_100_percent",
                violation_error_message=_("未能保存：完成进度不能超过百分之百。请核对。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProjectFunding(ReachModel):
    """Money of one source for a project: planned, received, paid."""

    project = models.ForeignKey(CapitalProject, models.PROTECT, related_name="funding", verbose_name=_("建设项目"))
    source = models.CharField(_("资金来源"), max_length=20)
    planned_fen = models.PositiveBigIntegerField(_("计划（分）"))
    received_fen = models.PositiveBigIntegerField(_("到位（分）"), default=0)
    paid_fen = models.PositiveBigIntegerField(_("支付（分）"), default=0)

    reach_fields: ClassVar[tuple[str, ...]] = ("project__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("项目资金")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "source"),
                name="one_line_per_source",
                violation_error_message=_("未能保存：这个项目已有同一来源的资金。请更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.project_id} {self.source}"


class ProjectGate(ReachModel):
    """When a project was to reach a gate, and when it did."""

    project = models.ForeignKey(CapitalProject, models.PROTECT, related_name="gates", verbose_name=_("建设项目"))
    gate = models.PositiveSmallIntegerField(_("节点"))
    planned_on = models.DateField(_("计划日期"), null=True, blank=True)
    reached_on = models.DateField(_("完成日期"), null=True, blank=True)

    reach_fields: ClassVar[tuple[str, ...]] = ("project__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("项目进度")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "gate"),
                name="one_row_per_gate",
                violation_error_message=_("未能保存：这个项目的这一环节已经登记。请更改原有的一条。"),
            ),
        )
        indexes = (models.Index(fields=("gate", "reached_on"), name="gate_reached"),)

    def __str__(self) -> str:
        return f"{self.project_id} {self.gate}"
