"""Programmes of pupil aid, their rates with dates, and the ledger of grants."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianxue.aid.choices import RateBoarding
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import Term
from xianxue.people.models import ChildRow


class AidProgramme(models.Model):
    """A kind of aid with its legal source, such as 国家助学金."""

    code = models.SlugField(
        _("代码"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("未能保存：这个代码已经是另一个资助项目的。请改用别的代码。")},
    )
    name = models.CharField(
        _("名称"),
        max_length=40,
        unique=True,
        error_messages={"unique": _("未能保存：已有同名的资助项目。请改用别的名称，或更改原有的一项。")},
    )
    stages = models.CharField(_("学段"), max_length=60)
    source = models.TextField(_("来源"))
    order = models.PositiveSmallIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("资助项目")
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.name


class RateCard(models.Model):
    """What one pupil gets in one term under a programme: an amount with dates; the first day of the term decides."""

    programme = models.ForeignKey(AidProgramme, models.PROTECT, related_name="rates", verbose_name=_("资助项目"))
    stage = models.CharField(_("学段"), max_length=12, choices=Stage, blank=True)
    tier = models.CharField(_("档次"), max_length=10, blank=True)
    boarding = models.CharField(_("就读方式"), max_length=8, choices=RateBoarding, blank=True)
    amount_fen = models.PositiveIntegerField(_("每学期金额（分）"))
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("资助标准")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rate_ends_after_it_starts",
                violation_error_message=_("未能保存：资助标准的失效日期早于生效日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.programme_id} {self.tier} {self.amount_fen}"


class AidGrant(ChildRow):
    """One payment: one pupil, one programme, one term. Counted as 人次, never as children.

    `school` is the school that paid; `category` the kind of hardship on the day of the decision.
    """

    programme = models.ForeignKey(AidProgramme, models.PROTECT, related_name="grants", verbose_name=_("资助项目"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="aid_grants", verbose_name=_("学期"))
    tier = models.CharField(_("档次"), max_length=10, blank=True)
    category = models.CharField(_("困难类型"), max_length=4, blank=True)
    amount_fen = models.PositiveIntegerField(_("金额（分）"))
    paid_on = models.DateField(_("发放日期"))

    class Meta(ChildRow.Meta):
        verbose_name = verbose_name_plural = _("资助发放")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "programme", "term"),
                name="one_grant_per_programme_and_term",
                violation_error_message=_(
                    "未能保存：这名学生本学期已享受这个资助项目，同一项目一学期一次。请核对，或更改原有的一条。"
                ),
            ),
        )
        indexes = (models.Index(fields=("paid_on", "school"), name="grant_of_year"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.programme_id} {self.term_id}"
