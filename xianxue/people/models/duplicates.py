"""Two records that may be one human being: found by rules, judged by people, merged so that it can be taken back."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.people.choices import DuplicateKind, DuplicateState
from xianxue.people.models.persons import Person, people_in


class DuplicatePair(ReachModel):
    """A pair of persons offered for a decision; `first` is the older record.

    `facts` holds the codes of what speaks for and against, with their weights, as the rules of `rules_version` found
    them; no value of a record stands here. `basis` is a digest of what was compared: a pair that was judged is
    offered again only when it has changed. `choices` is what whoever proposes a merge has chosen.
    `spans_schools`: the two records are kept by different schools, so the bureau decides and no school sees the pair.
    """

    first = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("记录一"))
    second = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("记录二"))
    kind = models.CharField(_("人员类别"), max_length=8, choices=DuplicateKind)
    score = models.SmallIntegerField(_("得分"))
    facts = models.JSONField(_("依据"), default=list)
    rules_version = models.CharField(_("规则版本"), max_length=20)
    basis = models.CharField(_("比对摘要"), max_length=64)
    spans_schools = models.BooleanField(_("是否跨校"))
    state = models.CharField(_("核对状态"), max_length=12, choices=DuplicateState, default=DuplicateState.OPEN)
    found_on = models.DateField(_("发现日期"))
    proposed_by = models.BigIntegerField(_("提请人编号"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("提请时间"), null=True, blank=True)
    choices = models.JSONField(_("合并取舍"), default=dict, blank=True)
    decided_on = models.DateField(_("结论日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    question = models.CharField(_("待查问题"), max_length=200, blank=True)
    asked_of = models.CharField(_("向谁核实"), max_length=60, blank=True)
    ask_until = models.DateField(_("核实期限"), null=True, blank=True)
    merge_seq = models.BigIntegerField(_("合并留痕序号"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("疑似重复")
        constraints = (
            models.UniqueConstraint(
                fields=("first", "second"),
                name="one_pair_per_two_persons",
                violation_error_message=_("未能登记：这两份记录已经列为疑似重复。请在原有的一条上判断。"),
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="pair_in_order",
                violation_error_message=_("未能登记：疑似重复的两份记录须是不同的两份。请重新选择。"),
            ),
        )
        indexes = (models.Index(fields=("state", "-score"), name="pairs_to_judge"),)

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Pairs of which both persons are in reach, and, but for the bureau, kept by one school.

        Once merged, one of the two is a shell that nobody reaches: then the other one tells.
        """
        first, second = people_in(reach, "first_id"), people_in(reach, "second_id")
        return Q(spans_schools=False) & (first & second | Q(state=DuplicateState.MERGED) & (first | second))

    @classmethod
    def across(cls, reach: Reach) -> Q:
        """Pairs that only the bureau sees, of which one person at least is in reach."""
        return Q(spans_schools=True) & (people_in(reach, "first_id") | people_in(reach, "second_id"))

    def side(self, name: str) -> Any:
        """The person at a side, `first` or `second`."""
        return self.first if name == "first" else self.second


class DuplicateScan(models.Model):
    """One search for duplicates: how far in the log it has looked, and what it found."""

    through_seq = models.BigIntegerField(_("已查至留痕序号"))
    is_full = models.BooleanField(_("是否全量"))
    rules_version = models.CharField(_("规则版本"), max_length=20)
    finished_at = models.DateTimeField(_("完成时间"))
    milliseconds = models.PositiveIntegerField(_("用时（毫秒）"))
    persons = models.PositiveIntegerField(_("人数"))
    compared = models.PositiveIntegerField(_("比对对数"))
    skipped = models.PositiveIntegerField(_("略过的大组数"))
    opened = models.PositiveIntegerField(_("新增对数"))
    closed = models.PositiveIntegerField(_("撤下对数"))

    class Meta:
        verbose_name = verbose_name_plural = _("查重记录")

    def __str__(self) -> str:
        return str(self.pk)
