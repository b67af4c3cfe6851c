"""A proposal (议题) from being put forward to the archive."""

import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import User
from xianxue.decisions.choices import Category, PreparationKind, PreparationResult
from xianxue.decisions.models.rules import CatalogueEntry, RuleSet
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.kernel.ui import formats
from xianxue.meetings.models import AgendaItem
from xianxue.organisations.models import Unit
from xianxue.people.models import Person


class Proposal(MatterSubject):
    """What a school wants to decide, under which entry of its list and which version of the rules.

    `amount_fen`, `supplier`: as proposed; `approved_fen`, `approved_supplier`: as decided. `is_passed` is None until the
    last meeting of the chain has decided. `acted_on`: the day an urgent matter was acted upon before any meeting.
    `reconsiders`: the decision that this one changes (复议). `unlisted_reason`: why no entry of the list fits.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="proposals", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    number = models.CharField(_("议题编号"), max_length=20)
    title = models.CharField(_("议题"), max_length=80)
    category = models.CharField(_("类别"), max_length=12, choices=Category)
    entry = models.ForeignKey(
        CatalogueEntry, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("清单事项")
    )
    unlisted_reason = models.CharField(_("不在清单的说明"), max_length=200, blank=True)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="proposals", verbose_name=_("规则版本"))
    content = SealedTextField(_("内容和理由"), blank=True)
    amount_fen = models.PositiveBigIntegerField(_("拟用金额（分）"), null=True, blank=True)
    supplier = models.CharField(_("拟定供应商"), max_length=80, blank=True)
    candidate = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("拟任免人员")
    )
    proposer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("提出人账号")
    )
    proposer_name = models.CharField(_("提出人"), max_length=60)
    proposed_on = models.DateField(_("提出日期"))
    is_urgent = models.BooleanField(_("紧急事项"), default=False)
    urgent_reason = models.CharField(_("紧急情况说明"), max_length=200, blank=True)
    acted_on = models.DateField(_("先行处置日期"), null=True, blank=True)
    is_confidential = models.BooleanField(_("不公开"), default=False)
    confidential_basis = models.CharField(_("不公开的依据"), max_length=200, blank=True)
    reconsiders = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reconsidered_by", verbose_name=_("复议的原决定")
    )
    is_passed = models.BooleanField(_("是否通过"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    resolution_number = models.CharField(_("决定编号"), max_length=20, blank=True)
    resolution = SealedTextField(_("决定"), blank=True)
    approved_fen = models.PositiveBigIntegerField(_("批准金额（分）"), null=True, blank=True)
    approved_supplier = models.CharField(_("批准的供应商"), max_length=80, blank=True)
    review_due_on = models.DateField(_("后评估日期"), null=True, blank=True)
    reviewed_on = models.DateField(_("评估日期"), null=True, blank=True)
    review = SealedTextField(_("评估结论"), blank=True)
    archived_on = models.DateField(_("归档日期"), null=True, blank=True)
    archive_number = models.CharField(_("档号"), max_length=30, blank=True)
    open_reason = models.CharField(_("未办结的说明"), max_length=300, blank=True)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("议题")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "number"),
                name="one_proposal_per_number",
                violation_error_message=_("未能保存：这所学校已有同一编号的议题。请重新打开后再保存。"),
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | ~Q(unlisted_reason=""),
                name="unlisted_proposal_says_why",
                violation_error_message=_("未能保存：清单以外的议题须说明为什么要上会。请补填理由。"),
            ),
            models.CheckConstraint(
                condition=Q(archived_on__isnull=True) | Q(archived_on__gte=F("proposed_on")),
                name="proposal_archived_after_it_was_made",
                violation_error_message=_("未能归档：归档日期早于提出日期。请核对日期。"),
            ),
        )
        indexes = (models.Index(fields=("unit", "proposed_on"), name="proposals_of_unit"),)

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """What is to be decided."""
        return self.title

    def parties(self) -> dict[str, int]:
        """The school and the county."""
        return {"school": self.unit_id, "county": self.county_id}

    def related_matters(self) -> list[int]:
        """The meetings that had it on their agenda."""
        return list(
            self.tablings.order_by("item__meeting__starts_at").values_list("item__meeting__matter_id", flat=True)
        )

    def evidence_subjects(self) -> list[tuple[str, int]]:
        """The proposal, what was made public and carried out, and the rows of the ledgers that name it."""
        rows: dict[str, Any] = {
            "decisions.publication": self.publications,
            "decisions.task": self.tasks,
            "decisions.payment": self.payments,
            "decisions.contract": self.contracts,
            "decisions.appointment": self.appointments,
        }
        found = [(name, pk) for name, of in rows.items() for pk in of.order_by("pk").values_list("pk", flat=True)]
        return [("decisions.proposal", self.pk), *found]

    def facts(self) -> list[tuple[Any, str]]:
        """Number, kind, amount, who proposed."""
        amount = f"{formats.grouped(self.amount_fen / 100, 2)} {_t('元')}" if self.amount_fen is not None else ""
        found = [
            (_("议题编号"), self.number),
            (_("类别"), self.get_category_display()),
            (_("清单事项"), str(self.entry) if self.entry else self.unlisted_reason),
            (_("拟用金额"), amount),
            (_("拟定供应商"), self.supplier),
            (_("提出人"), self.proposer_name),
            (_("提出日期"), formats.china_date(self.proposed_on, year="always")),
            (_("决定日期"), formats.china_date(self.decided_on, year="always") if self.decided_on else ""),
        ]
        return [(label, text) for label, text in found if text]


class Preparation(ReachModel):
    """Something done before a meeting: a study, a review, a talk, a filing. Never changed; a later one counts instead.

    What the bureau says of a filing is a row of the same kind, whose result is agreed or refused.

    `count`: of alternatives, of people asked. `user`: who entered it, or gave the review.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="preparations", verbose_name=_("议题"))
    kind = models.CharField(_("前置程序"), max_length=16, choices=PreparationKind)
    done_on = models.DateField(_("完成日期"))
    recorded_at = models.DateTimeField(_("登记时间"))
    name = models.CharField(_("办理人"), max_length=60)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号"))
    result = models.CharField(_("结果"), max_length=10, choices=PreparationResult)
    count = models.PositiveSmallIntegerField(_("数量"), null=True, blank=True)
    text = SealedTextField(_("说明"), blank=True)

    reach_fields = ("proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("前置程序记录")
        indexes = (models.Index(fields=("proposal", "kind"), name="preparations_of_proposal"),)

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.kind}"


class Waiver(ReachModel):
    """A reasoned exception to one requirement of the pre-flight: visible for ever, and shown to the inspector."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="waivers", verbose_name=_("议题"))
    requirement = models.CharField(_("要求"), max_length=20)
    reason = models.CharField(_("例外理由"), max_length=300)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"))
    granted_by = models.CharField(_("批准人"), max_length=60)
    granted_at = models.DateTimeField(_("批准时间"))

    reach_fields = ("proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("例外")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "requirement"),
                name="one_waiver_per_requirement",
                violation_error_message=_("未能保存：这项要求已经登记免除。请更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.requirement}"


class Tabling(ReachModel):
    """A proposal on the agenda of a meeting; in the order of its chain, again after it was put off."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="tablings", verbose_name=_("议题"))
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="tabling", verbose_name=_("议程"))
    tabled_at = models.DateTimeField(_("列入时间"))

    reach_fields = ("proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("上会")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.item_id}"


class Publication(ReachModel):
    """A decision made public for a number of working days; objections stop the clock.

    `due_on`: the last day as it stands; `ended_on`: when it was taken down. `public_key`: its name on the public page,
    which tells nothing of other rows.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="publications", verbose_name=_("议题"))
    place = models.CharField(_("公示地点"), max_length=80)
    started_on = models.DateField(_("公示开始日期"))
    due_on = models.DateField(_("公示截止日期"))
    ended_on = models.DateField(_("公示结束日期"), null=True, blank=True)
    text = SealedTextField(_("公示内容"), blank=True)
    is_on_site = models.BooleanField(_("在公开页发布"), default=False)
    public_key = models.UUIDField(_("公开页编号"), default=uuid.uuid4, editable=False)

    reach_fields = ("proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("公示")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(ended_on__isnull=True),
                name="one_running_publication",
                violation_error_message=_("未能公示：这项议题正在公示。请先结束原有的公示。"),
            ),
            models.UniqueConstraint(
                fields=("public_key",),
                name="one_publication_per_public_key",
                violation_error_message=_("未能公示：公示网页的编号重复。请再办一次。"),
            ),
        )
        indexes = (models.Index(fields=("is_on_site", "started_on"), name="publications_on_site"),)

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.started_on}"


class Objection(ReachModel):
    """An objection to what was made public, and what came of it."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="objections", verbose_name=_("公示"))
    received_on = models.DateField(_("收到日期"))
    content = SealedTextField(_("异议内容"))
    resolved_on = models.DateField(_("处理日期"), null=True, blank=True)
    result = SealedTextField(_("处理结果"), blank=True)

    reach_fields = ("publication__proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("公示异议")

    def __str__(self) -> str:
        return f"{self.publication_id} {self.received_on}"


class Task(ReachModel):
    """What must be done to carry a decision out, by whom, until when."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="tasks", verbose_name=_("议题"))
    what = models.CharField(_("任务"), max_length=120)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任人"))
    owner_name = models.CharField(_("责任人姓名"), max_length=60, blank=True)
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    started_on = models.DateField(_("实施日期"), null=True, blank=True)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)

    reach_fields = ("proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("落实任务")

    def __str__(self) -> str:
        return self.what


class Feedback(ReachModel):
    """Progress of a task on a day, with its evidence among the matter's papers."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="feedback", verbose_name=_("落实任务"))
    on = models.DateField(_("反馈日期"))
    text = SealedTextField(_("进展"))
    percent = models.PositiveSmallIntegerField(_("进度（%）"), null=True, blank=True)
    name = models.CharField(_("反馈人"), max_length=60)

    reach_fields = ("task__proposal__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("落实反馈")
        indexes = (models.Index(fields=("task", "on"), name="feedback_of_task"),)

    def __str__(self) -> str:
        return f"{self.task_id} {self.on}"
