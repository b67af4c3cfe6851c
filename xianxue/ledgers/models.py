"""Ledgers that come in through Excel: what was paid, contracted, appointed, and by which decision.

A row names the decision that it rests on, and the database holds it to that; the program that reads the ledgers for something
else knows no decisions: `decisions` is named here and not imported.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.models import Unit
from xianxue.people.models import Person


class Payment(ReachModel):
    """A payment of a school (支出台账). `kind` is of the code list `payment_kind`; some kinds are no decision's business."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="payments", verbose_name=_("学校"))
    number = models.CharField(_("凭证号"), max_length=30)
    paid_on = models.DateField(_("付款日期"))
    kind = models.CharField(_("支出类别"), max_length=12)
    purpose = models.CharField(_("用途"), max_length=80)
    payee = models.CharField(_("收款单位"), max_length=80)
    amount_fen = models.PositiveBigIntegerField(_("金额（分）"))
    contract_number = models.CharField(_("合同编号"), max_length=30, blank=True)
    proposal = models.ForeignKey(
        "decisions.Proposal", models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("议题")
    )

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("支出")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "number"),
                name="one_payment_per_number",
                violation_error_message=_("未能保存：这所学校已有同一凭证号的付款。请核对凭证号，或更改原有的一条。"),
            ),
        )
        indexes = (models.Index(fields=("unit", "paid_on"), name="payments_of_unit"),)

    def __str__(self) -> str:
        return self.number


class Contract(ReachModel):
    """A contract of a school (合同台账)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="contracts", verbose_name=_("学校"))
    number = models.CharField(_("合同编号"), max_length=30)
    name = models.CharField(_("合同名称"), max_length=80)
    kind = models.CharField(_("支出类别"), max_length=12)
    supplier = models.CharField(_("供应商"), max_length=80)
    amount_fen = models.PositiveBigIntegerField(_("合同金额（分）"))
    signed_on = models.DateField(_("签订日期"))
    started_on = models.DateField(_("开工日期"), null=True, blank=True)
    proposal = models.ForeignKey(
        "decisions.Proposal", models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("议题")
    )

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("合同")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "number"),
                name="one_contract_per_number",
                violation_error_message=_("未能保存：这所学校已有同一编号的合同。请核对编号，或更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Appointment(ReachModel):
    """Somebody appointed to, or taken out of, a post inside a school (任免台账)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments", verbose_name=_("学校"))
    number = models.CharField(_("文号"), max_length=30)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("任免人员")
    )
    name = models.CharField(_("姓名"), max_length=60)
    post = models.CharField(_("岗位"), max_length=40)
    is_removal = models.BooleanField(_("是否免职"), default=False)
    decided_on = models.DateField(_("任免日期"))
    proposal = models.ForeignKey(
        "decisions.Proposal", models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("议题")
    )

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("任免")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "number", "name", "post"),
                name="one_appointment_per_number",
                violation_error_message=_(
                    "未能保存：这所学校已有同一文号、同一人、同一职务的任免。请核对，或更改原有的一条。"
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.post}"
