"""Form of a changed key fact."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import sheets
from xianxue.people.choices import KeyFactCause
from xianxue.people.forms.parts import PupilForm
from xianxue.people.models import Enrolment
from xianxue.people.procedures import KeyFacts
from xianxue.people.services.key_facts import COLUMNS


@KeyFacts.open_change.form
class KeyFactForm(PupilForm):
    """Only what changes is filled in."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), widget=forms.HiddenInput)
    cause = forms.ChoiceField(label=_("变更原因"), choices=KeyFactCause)

    def prepare(self) -> None:
        """Offer the pupils of the school, and a field for every key fact."""
        field = self.fields["enrolment"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Enrolment.objects.filter(ended_on=None)
        for name in COLUMNS:
            made = sheets.get("pupils").by_name[name].form_field()
            made.required = False
            made.label = _t("新的%(what)s") % {"what": made.label}
            made.help_text = _t("不变的留空。")
            self.fields[name] = made

    def clean(self) -> dict[str, Any]:
        """The facts as one mapping, which the command takes."""
        data = super().clean() or self.cleaned_data
        cells = {name: str(data.pop(name) or "") for name in COLUMNS if name in data}
        return {**data, "cells": cells}
