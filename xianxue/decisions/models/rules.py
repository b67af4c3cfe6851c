"""Rules and lists of matters as versioned data: a proposal keeps the versions under which it was made."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Category, EditionState
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.kernel.ui import formats
from xianxue.organisations.models import Unit


class RuleSet(models.Model):
    """One version of the county's rules (规则版本): fractions, amounts, days, exclusions, parameters of the checks.

    `rules` is what `decisions.rules.book.RuleBook` reads. Never changed once in force; a change is a new version.
    """

    version = models.CharField(
        _("版本"),
        max_length=20,
        unique=True,
        error_messages={"unique": _("未能保存：已有同一版本号的规则。请改用别的版本号。")},
    )
    source = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)
    rules = models.JSONField(_("规则内容"))
    note = models.CharField(_("修改说明"), max_length=200, blank=True)
    made_by = models.CharField(_("制定人"), max_length=60, blank=True)
    made_at = models.DateTimeField(_("制定时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("规则版本")
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="rules_end_after_they_start",
                violation_error_message=_("未能保存：规则的失效日期早于生效日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return self.version


class CatalogueEdition(ReachModel):
    """An edition of a unit's list of matters (事项清单): the county's models, and each school's own, filed with the bureau.

    The county's edition names the `school_type` it is a model for. In force from `valid_from` to `valid_to`, both included.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="catalogues", verbose_name=_("单位"))
    school_type = models.CharField(_("适用学校类型"), max_length=12, blank=True)
    number = models.CharField(_("版次"), max_length=20)
    state = models.CharField(_("备案状态"), max_length=10, choices=EditionState, default=EditionState.DRAFT)
    adopted_on = models.DateField(_("审议通过日期"), null=True, blank=True)
    sent_on = models.DateField(_("报送日期"), null=True, blank=True)
    filed_on = models.DateField(_("备案日期"), null=True, blank=True)
    returned_reason = models.CharField(_("退回理由"), max_length=200, blank=True)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True)
    valid_to = models.DateField(_("失效日期"), null=True, blank=True)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("事项清单")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "school_type", "number"),
                name="one_edition_per_number",
                violation_error_message=_("未能保存：这个单位已有同一编号的事项清单。请重新打开后再保存。"),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="edition_ends_after_it_starts",
                violation_error_message=_("未能保存：事项清单的失效日期早于生效日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return self.number


class CatalogueEntry(ReachModel):
    """A matter of the list: which meetings in which order, what beforehand, by which majority, what afterwards.

    `chain`: kinds of bodies in order; `preparations`: kinds that are required; `majority`: code of a rule of the book,
    empty for the body's ordinary one; `is_important`: the higher quorum (干部任免等重要事项); `threshold_fen`: from this
    amount on, inclusive, empty for every amount; `payment_kinds`: payments that belong to it; days are working days.
    """

    edition = models.ForeignKey(CatalogueEdition, models.PROTECT, related_name="entries", verbose_name=_("事项清单"))
    code = models.CharField(_("事项编码"), max_length=20)
    name = models.CharField(_("事项"), max_length=80)
    category = models.CharField(_("类别"), max_length=12, choices=Category)
    chain = models.JSONField(_("会议顺序"), default=list)
    preparations = models.JSONField(_("前置程序"), default=list, blank=True)
    majority = models.CharField(_("表决规则"), max_length=20, blank=True)
    is_important = models.BooleanField(_("重要事项"), default=False)
    is_staff_interest = models.BooleanField(_("涉及教职工切身利益"), default=False)
    threshold_fen = models.PositiveBigIntegerField(_("限额（分）"), null=True, blank=True)
    payment_kinds = models.JSONField(_("对应支出类别"), default=list, blank=True)
    filing_days = models.PositiveSmallIntegerField(_("会前报备（工作日）"), null=True, blank=True)
    publication_days = models.PositiveSmallIntegerField(_("公示（工作日）"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    departs_because = models.CharField(_("与范本不同的理由"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)

    reach_fields = ("edition__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("清单事项")
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "code"),
                name="one_entry_per_code",
                violation_error_message=_("未能保存：这份清单里已有同一编号的事项。请改用别的编号，或更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class CatalogueFiling(MatterSubject):
    """The way of an edition: a school's own list to the bureau's files, or the county's model until it is issued.

    `model`: the county's edition against which a school's own is held; of a new model, the one that it follows, if any.
    `departures`: (entry, what differs, why) as it was sent.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    edition = models.OneToOneField(
        CatalogueEdition,
        models.PROTECT,
        related_name="filing",
        verbose_name=_("事项清单"),
        error_messages={"unique": _("未能报送：这一版事项清单已经报送。请在原事项上办理。")},
    )
    model = models.ForeignKey(
        CatalogueEdition, models.PROTECT, null=True, blank=True, related_name="copies", verbose_name=_("所依据的清单")
    )
    departures = models.JSONField(_("与范本不同之处"), default=list, blank=True)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("清单报送")

    def __str__(self) -> str:
        return self.matter_title()

    @property
    def is_model(self) -> bool:
        """Whether it is the county's own."""
        return bool(self.unit_id == self.county_id)

    def matter_title(self) -> str:
        """Whose list, which edition."""
        return _t("%(unit)s事项清单 %(number)s") % {"unit": self.unit.shown_name, "number": self.edition.number}

    def parties(self) -> dict[str, int]:
        """The school and the county; the county alone for its own."""
        return {"county": self.county_id} if self.is_model else {"school": self.unit_id, "county": self.county_id}

    def evidence_subjects(self) -> list[tuple[str, int]]:
        """The edition and its entries."""
        entries = self.edition.entries.order_by("pk").values_list("pk", flat=True)
        return [("decisions.catalogueedition", self.edition_id), *(("decisions.catalogueentry", pk) for pk in entries)]

    def facts(self) -> list[tuple[Any, str]]:
        """Which edition, after which model, how many entries, its dates."""
        edition = self.edition
        dates = ((_("审议通过日期"), edition.adopted_on), (_("生效日期"), edition.valid_from))
        found = [
            (_("版次"), edition.number),
            (_("所依据的清单"), f"{self.model.unit.shown_name} {self.model.number}" if self.model else ""),
            (_("事项数"), str(edition.entries.count())),
            *((label, formats.china_date(day, year="always")) for label, day in dates if day),
            *(
                (entry, _t("%(what)s。理由：%(why)s") % {"what": what, "why": why or "—"})
                for entry, what, why in self.departures
            ),
        ]
        return [(label, text) for label, text in found if text]


class RuleChange(MatterSubject):
    """A new version of the county's rules on its way: drafted by one, confirmed by another.

    `rules` as in RuleSet, copied from `base` and changed step by step; `differences`: (rule, before, now) between the
    two. `made` is the version that came of it.
    """

    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    base = models.ForeignKey(RuleSet, models.PROTECT, related_name="changes", verbose_name=_("原规则版本"))
    version = models.CharField(_("新版本"), max_length=20)
    source = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("生效日期"))
    reason = models.CharField(_("修改理由"), max_length=200)
    rules = models.JSONField(_("规则内容"))
    differences = models.JSONField(_("修改内容"), default=list, blank=True)
    drafted_by = models.CharField(_("起草人"), max_length=60)
    made = models.OneToOneField(
        RuleSet,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="change",
        verbose_name=_("形成的规则版本"),
        error_messages={"unique": _("未能保存：这一版规则已由另一次变更形成。请重新打开后再办。")},
    )

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("规则修订")

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """The new version."""
        return _t("规则版本 %(version)s") % {"version": self.version}

    def parties(self) -> dict[str, int]:
        """The county."""
        return {"county": self.county_id}

    def evidence_subjects(self) -> list[tuple[str, int]]:
        """The version that came of it."""
        return [("decisions.ruleset", self.made_id)] if self.made_id else []

    def facts(self) -> list[tuple[Any, str]]:
        """Which versions, from when, why, and every rule that differs."""
        return [
            (_("原规则版本"), self.base.version),
            (_("生效日期"), formats.china_date(self.valid_from, year="always")),
            (_("依据"), self.source),
            (_("修改理由"), self.reason),
            *((rule, _t("%(old)s → %(new)s") % {"old": old, "new": new}) for rule, old, new in self.differences),
        ]
