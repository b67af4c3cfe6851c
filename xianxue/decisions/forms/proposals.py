"""Forms of the steps before a meeting."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import PROPOSES
from xianxue.decisions.choices import REVIEWS, Category, EditionState, PreparationKind
from xianxue.decisions.models import CatalogueEntry, Proposal
from xianxue.decisions.procedures import DecisionProposal as Steps
from xianxue.decisions.services.tabling import waivable
from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import StepForm, clock
from xianxue.meetings.models import Meeting
from xianxue.organisations.models import School, Unit
from xianxue.people.models import Person, StaffPost


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), **more)


def _staff(unit_ids: Iterable[int]) -> Any:
    posts = StaffPost.objects.filter(school__in=list(unit_ids), ended_on=None).values("person_id")
    return Person.objects.filter(pk__in=posts).order_by("name_pinyin")


@Steps.propose.form
class ProposalForm(StepForm):
    """What is to be decided, under which entry of the school's list."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("学校"))
    entry = forms.ModelChoiceField(
        CatalogueEntry.objects.none(), label=_("清单事项"), required=False, help_text=_("本校已经备案的事项清单。"),
        empty_label=_("清单里没有，另填类别和说明"),
    )  # fmt: skip
    title = forms.CharField(label=_("议题"), max_length=80)
    content = _text(_("内容和理由"))
    amount = forms.DecimalField(label=_("拟用金额（元）"), required=False, min_value=0, max_digits=14, decimal_places=2)
    supplier = forms.CharField(label=_("拟定供应商"), required=False, max_length=80)
    candidate = forms.ModelChoiceField(
        Person.objects.none(), label=_("拟任免人员"), required=False, empty_label=_("不涉及人事任免")
    )
    category = forms.ChoiceField(
        label=_("类别（清单里没有时填写）"), required=False, choices=[("", _("请选择")), *Category.choices]
    )
    unlisted_reason = forms.CharField(label=_("不在清单的说明"), required=False, max_length=200)
    acted_on = _day(_("先行处置日期"), required=False, help_text=_("只有紧急事项填写。"))
    urgent_reason = forms.CharField(label=_("紧急情况说明"), required=False, max_length=200)
    confidential_basis = forms.CharField(label=_("不公开的依据"), required=False, max_length=200)
    reconsiders = forms.ModelChoiceField(
        Proposal.objects.none(), label=_("复议的原决定"), required=False, help_text=_("改变已经作出的决定时填写。"),
        empty_label=_("不是复议"),
    )  # fmt: skip

    def prepare(self) -> None:
        """Offer the schools for which one may propose, their lists in force, their decisions."""
        scope, today = PROPOSES.scope(current_reach()), clock.today()
        fields: Any = self.fields
        fields["unit"].queryset = Unit.objects.filter(scope.q("pk"), pk__in=School.objects.values("pk"))
        if fields["unit"].queryset.count() == 1:
            fields["unit"].initial = fields["unit"].queryset.get()
        in_force = Q(edition__valid_to__isnull=True) | Q(edition__valid_to__gte=today)
        entries = CatalogueEntry.objects.filter(
            in_force,
            edition__state=EditionState.FILED,
            edition__valid_from__lte=today,
            edition__unit__in=fields["unit"].queryset,
        )
        fields["entry"].queryset = entries.order_by("edition__unit", "order")
        fields["candidate"].queryset = _staff(scope.ids if not scope.every else ())
        fields["reconsiders"].queryset = Proposal.objects.filter(unit__in=fields["unit"].queryset, is_passed=True)

    def clean(self) -> dict[str, Any]:
        """Money in 分, as the command takes it."""
        given = super().clean() or {}
        amount = given.pop("amount", None)
        return {**given, "amount_fen": None if amount is None else int(amount * 100)}


@Steps.prepare.form
class PreparationForm(StepForm):
    """What was done, when, by whom."""

    kind = forms.ChoiceField(label=_("前置程序"))
    done_on = _day(_("完成日期"))
    name = forms.CharField(label=_("办理人"), max_length=60)
    count = forms.IntegerField(
        label=_("数量"), required=False, min_value=0, max_value=9999, help_text=_("比选方案的个数，征求意见的人数。")
    )
    text = _text(_("说明"), required=False)

    def prepare(self) -> None:
        """The kinds that the entry asks for come first."""
        entry = self.subject.entry if self.subject is not None else None
        wanted = set(entry.preparations) if entry else set()
        own = {*REVIEWS, PreparationKind.COMMUNICATION}
        kinds = sorted((kind for kind in PreparationKind if kind not in own), key=lambda kind: kind not in wanted)
        field: Any = self.fields["kind"]
        field.choices = [
            (kind.value, f"{kind.label}{'' if kind in wanted else _t('（清单未要求）')}") for kind in kinds
        ]
        self.fields["done_on"].initial = clock.today()


class ReviewForm(StepForm):
    """Agreed or not, with reasons."""

    agrees = forms.TypedChoiceField(
        label=_("审查结论"), choices=[("1", _("同意")), ("0", _("不同意"))], coerce=lambda text: text == "1"
    )
    text = _text(_("审查意见"))


Steps.review_law.form(ReviewForm)
Steps.review_integrity.form(ReviewForm)


@Steps.talk.form
class TalkForm(StepForm):
    """When secretary and head spoke, and whether they agreed."""

    done_on = _day(_("沟通日期"))
    is_disputed = forms.TypedChoiceField(
        label=_("沟通结果"), choices=[("0", _("无重大分歧")), ("1", _("有重大分歧"))], coerce=lambda text: text == "1"
    )
    text = _text(_("说明"), required=False)


@Steps.waive.form
class WaiverForm(StepForm):
    """Which requirement, and why."""

    requirement = forms.ChoiceField(label=_("要求"))
    reason = forms.CharField(label=_("例外理由"), max_length=300)

    def prepare(self) -> None:
        """Offer what is missing now."""
        if self.subject is None:
            return
        field: Any = self.fields["requirement"]
        field.choices = [(one.code, f"{one.label}：{one.text}") for one in waivable(self.subject)]


@Steps.table.form
class TablingForm(StepForm):
    """At which meeting."""

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=_("会议"), empty_label=_("请选择"))
    late_reason = forms.CharField(
        label=_("临时动议理由"), required=False, max_length=200, help_text=_("通知已经发出的会议才填写。")
    )
    late_approved_by = forms.CharField(label=_("同意列入的人"), required=False, max_length=60)

    def prepare(self) -> None:
        """The school's meetings that have not ended."""
        if self.subject is not None:
            field: Any = self.fields["meeting"]
            open_states = ("planned", "noticed", "under_way")
            field.queryset = Meeting.objects.filter(unit=self.subject.unit_id, matter__state__in=open_states).order_by(
                "starts_at"
            )
