"""What still holds a proposal back from its meeting, as rows: whoever must see to it finds it on the list of work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.models.proposals import Proposal
from xianxue.kernel.access.models import ReachModel


class Whose(models.TextChoices):
    """Whose move a missing item is."""

    PROPOSER = "proposer", _("提出人")
    REVIEWER = "reviewer", _("审查人（不能是提出人）")
    INSPECTOR = "inspector", _("纪检委员")
    LEADERS = "leaders", _("书记、校长")
    OFFICE = "office", _("会议记录人")


class MissingItem(ReachModel):
    """One requirement that a proposal under preparation does not meet yet. Written anew after every change, and at night.

    `until` is known once there is a meeting to which it goes. Not a record: what was missing when is in the runs of checks.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="missing", verbose_name=_("议题"))
    code = models.CharField(_("要求"), max_length=20)
    label = models.CharField(_("名称"), max_length=40)
    text = models.CharField(_("缺什么"), max_length=200)
    whose = models.CharField(_("等谁"), max_length=10, choices=Whose)
    until = models.DateField(_("期限"), null=True, blank=True)

    reach_fields = ("proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("会前缺项")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "code"),
                name="one_missing_item_per_requirement",
                violation_error_message=_("未能保存：这个议题的同一项要求已经列为缺项。请刷新页面。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.code}"
