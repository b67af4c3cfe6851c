"""Forms of entry, and of transfer into the county: the pupils' sheet as fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.procedures import Step, StepForm
from xianxue.organisations.models import School
from xianxue.people.choices import MissingPaper, TransferReason
from xianxue.people.forms.parts import GIVEN, RowFields, choose_school
from xianxue.people.forms.transfers import place_fields
from xianxue.people.procedures import NewEntry, TransferIn


@NewEntry.open_entry.form
class EntryForm(RowFields):
    """A child's facts, and what the record still lacks."""

    step: Step = NewEntry.open_entry

    to_school = forms.ModelChoiceField(School.objects.none(), label=_("学校"))
    missing = forms.MultipleChoiceField(
        label=_("待补材料"), choices=MissingPaper, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("缺什么勾什么。缺材料不影响入学，补齐期限为入学后两个月。"),
    )  # fmt: skip

    def prepare(self) -> None:
        """Offer the registrar's schools; what is missing stands after the child's facts."""
        choose_school(self, "to_school", self.step)
        missing = self.fields.pop("missing")
        super().prepare()
        confirmed = self.fields.pop("confirmed")
        self.fields.update({"missing": missing, "confirmed": confirmed})


@TransferIn.open_in.form
class IncomingForm(RowFields):
    """Where the child comes from, and its facts."""

    left_out = frozenset(GIVEN | {"entry_mode", "source"})

    to_school = forms.ModelChoiceField(School.objects.none(), label=_("转入学校"))
    reason = forms.ChoiceField(label=_("转学原因"), choices=TransferReason)
    national_no = forms.CharField(label=_("国家系统业务号"), max_length=40, required=False)

    def prepare(self) -> None:
        """Offer the registrar's schools, ask for the place, then for the child's facts."""
        choose_school(self, "to_school", TransferIn.open_in)
        self.fields.update(place_fields())
        super().prepare()


@TransferIn.approve_in.form
class ApproveIncomingForm(StepForm):
    """The number of the business in the national system."""

    national_no = forms.CharField(label=_("国家系统业务号"), max_length=40, required=False)


class StillMissing(StepForm):
    """What remains to be brought."""

    still_missing = forms.MultipleChoiceField(
        label=_("仍缺的材料"), choices=MissingPaper, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("去掉已经补交的。全部补齐的，一项也不勾。"),
    )  # fmt: skip

    def prepare(self) -> None:
        """Tick what was missing so far."""
        entry: Any = self.subject
        if entry is not None:
            self.fields["still_missing"].initial = entry.missing_list


@NewEntry.supply_entry.form
class StillMissingForm(StillMissing):
    """Before the entry is confirmed."""


@NewEntry.supply_later.form
class SuppliedLaterForm(StillMissing):
    """After a provisional entry."""
