"""Forms of lists of matters on their way."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU
from xianxue.decisions.procedures.catalogues import FileCatalogue as Steps
from xianxue.decisions.procedures.catalogues import IssueModel
from xianxue.decisions.selectors.catalogues import WRITES_LISTS
from xianxue.decisions.services.catalogue_data import models_given
from xianxue.kernel.access import Grant, current_reach
from xianxue.kernel.columns import code_table
from xianxue.kernel.procedures import StepForm, clock
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import School, Unit


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, chosen from a calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def units_of(grant: Grant, **wanted: Any) -> Any:
    """The units over which the person now acting holds the grant."""
    return Unit.objects.filter(grant.scope(current_reach()).q("pk"), **wanted)


def offer_units(form: StepForm, found: Any) -> None:
    """Offer units in the field `unit`; the only one is chosen."""
    field: Any = form.fields["unit"]
    field.queryset = found
    if found.count() == 1:
        field.initial = found.get()


@Steps.draft.form
class DraftForm(StepForm):
    """For which school, from which list."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("学校"))
    number = forms.CharField(label=_("版次"), max_length=20, help_text=_("如：2025。"))
    keeps_own = forms.TypedChoiceField(
        label=_("由哪份清单复制"), choices=[("0", _("县局范本")), ("1", _("本校现行清单，并补上范本新增的事项"))],
        coerce=lambda text: text == "1", initial="0",
    )  # fmt: skip

    def prepare(self) -> None:
        """The schools whose list one may write."""
        offer_units(self, units_of(WRITES_LISTS, pk__in=School.objects.values("pk")))


@IssueModel.draft.form
class DraftModelForm(StepForm):
    """For which kind of school."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("县局"))
    school_type = forms.ChoiceField(label=_("适用学校类型"))
    number = forms.CharField(label=_("版次"), max_length=20, help_text=_("如：2025。"))

    def prepare(self) -> None:
        """The kinds of model lists, with the types of schools for which they are meant."""
        offer_units(self, units_of(BUREAU, kind=UnitKind.COUNTY))
        names = code_table("school_type").labels
        field: Any = self.fields["school_type"]
        field.choices = [("", _t("请选择"))] + [
            (model, "、".join(names.get(one, one) for one in types)) for model, types in models_given().items()
        ]


@Steps.send.form
class SendForm(StepForm):
    """When the school adopted it."""

    adopted_on = day_field(_("审议通过日期"), help_text=_("党组织会议通过的日期。"))


class BeginForm(StepForm):
    """From when it holds."""

    valid_from = day_field(_("生效日期"))

    def prepare(self) -> None:
        """Today, unless told otherwise."""
        self.fields["valid_from"].initial = clock.today()


Steps.file_list.form(BeginForm)
IssueModel.issue.form(BeginForm)


@Steps.send_back.form
class SendBackForm(StepForm):
    """What is to be changed."""

    reason = forms.CharField(label=_("退回理由"), max_length=200)
