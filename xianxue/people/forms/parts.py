"""What the forms share: the school for which somebody acts, and the columns of the pupils' sheet as fields."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import sheets
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import Step, StepForm
from xianxue.kernel.sheets.single import check_one
from xianxue.organisations.models import School
from xianxue.people.models import Enrolment

# The school comes from the posting, how the child came from the procedure.
GIVEN = {"school"}


def schools_for(step: Step) -> Any:
    """The schools in reach for which the person may do an opening step."""
    scope = step.by.scope(current_reach())
    return School.objects.filter(scope.q("pk")).select_related("unit").order_by("unit__path")


def choose_school(form: forms.Form, name: str, step: Step) -> None:
    """Offer those schools; where there is only one, nothing is left to choose."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - so declared by the caller
    found = schools_for(step)
    field.queryset = found
    if found.count() == 1:
        field.initial = found.first()
        field.empty_label = None


class PupilForm(StepForm):
    """A form that is opened from a pupil's page: the pupil stands in the address, and is named on the page."""

    pupil_field = "enrolment"

    def chosen(self) -> Enrolment | None:
        """The pupil of the address or of what was sent, if the person may choose that one."""
        field: Any = self.fields[self.pupil_field]
        try:
            found: Enrolment | None = field.clean(self[self.pupil_field].value())
        except ValidationError:
            return None
        return found

    def about(self) -> Iterable[tuple[str, str]]:
        """Name and school: namesakes are told apart before anything is sent."""
        if found := self.chosen():
            yield _t("学生"), found.person.name
            yield _t("学校"), found.school.unit.name


class RowFields(StepForm):
    """A form that holds the columns of the pupils' sheet beside its own fields, and checks them as the sheet does."""

    left_out = frozenset(GIVEN)

    confirmed = forms.BooleanField(
        label=_("已核对"), required=False, help_text=_("提交后如有提示（可能已有档案、可能重复），核对属实再勾选。")
    )

    def prepare(self) -> None:
        """Add the columns, then put the confirmation last."""
        confirmed = self.fields.pop("confirmed")
        for column in sheets.get("pupils").columns:
            if column.name not in self.left_out:
                field = column.form_field()
                field.error_messages["required"] = _t("请填写。")
                self.fields[column.name] = field
        self.fields["confirmed"] = confirmed

    def clean(self) -> dict[str, Any]:
        """Tell every error of the row at once, each at its field."""
        data = super().clean() or self.cleaned_data
        school = data.get("to_school")
        if school is None or self.errors:
            return data
        reach = current_reach()
        names = sheets.get("pupils").names
        cells = {name: str(data[name] or "") for name in names if name in data} | {"school": school.unit.code}
        try:
            row = check_one(sheets.get("pupils"), cells, by=Actor(reach.user_id, reach.label), keyless=True)
        except Refused as refused:
            self.add_error(None, refused.message)
            return data
        for name, sentences in row.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
        return data
