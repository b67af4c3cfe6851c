"""The form of a step's page: the step's own fields, then papers, then the reason, then what the page has seen."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.procedures.papers import Paper
from xianxue.kernel.procedures.step_form import StepForm
from xianxue.kernel.ui.forms import FormSection

NOTE_LENGTH = 500


class FilesInput(forms.ClearableFileInput):
    """One or several files of a kind, as scans come."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Cleans to a list of uploads."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if isinstance(data, list | tuple):
            return [super(FilesField, self).clean(item, initial) for item in data if item]
        found = super().clean(data, initial)
        return [found] if found else []


class Filling:
    """A step's form, filled in or empty, with the fields that every step has around its own."""

    def __init__(
        self,
        step: Step,
        *,
        subject: Any = None,
        kept: set[str] = frozenset(),  # type: ignore[assignment]  # nothing kept
        data: Any = None,
        files: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        """`kept`: kinds of papers that the matter has already."""
        self.step = step
        form_class = step.form_class or StepForm
        extra = {"subject": subject} if issubclass(form_class, StepForm) else {}
        self.form = form_class(data, files, initial=initial, **extra)
        self.own = [name for name, field in self.form.fields.items() if not field.widget.is_hidden]
        self._around: set[str] = set()
        self._add_papers(kept)
        self._add_note()
        matter: Matter | None = subject.matter if subject is not None else None
        if matter is None:
            # Made when the page is drawn: the same page sent twice opens one matter.
            once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
            self._add("once", once, secrets.token_hex(16))
        else:
            self._add("seen", forms.IntegerField(widget=forms.HiddenInput, required=False), matter.steps_done)

    def _add(self, name: str, field: forms.Field, initial: Any = None) -> None:
        field.initial = initial
        self.form.fields[name] = field
        self._around.add(name)

    def _add_papers(self, kept: set[str]) -> None:
        types = "、".join(str(kind) for kind in settings.ATTACHMENT_TYPES)
        for kind in self.step.takes:
            help_text = _("可选多个文件；每个不超过 %(limit)s MB；可用 %(types)s。") % {
                "limit": settings.ATTACHMENT_LIMIT_MB,
                "types": types,
            }
            if kind in kept:
                help_text = _("已有此材料；如有新的，可再上传。") + help_text
            field = FilesField(
                label=str(self.step.procedure.papers[kind]),
                required=kind in self.step.papers and kind not in kept,
                help_text=help_text,
            )
            self._add(f"paper_{kind}", field)

    def _add_note(self) -> None:
        label = _("理由") if self.step.needs_note else _("意见")
        field = forms.CharField(
            label=label,
            required=self.step.needs_note,
            max_length=NOTE_LENGTH,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="" if self.step.needs_note else _("可不填；写入办理记录。"),
        )
        self._add("note", field)

    @property
    def sections(self) -> list[FormSection]:
        """The fields as the page groups them."""
        papers = [f"paper_{kind}" for kind in self.step.takes]
        parts = [("", self.own), (_("材料"), papers), ("", ["note"])]
        return [FormSection(title, names) for title, names in parts if names]

    @property
    def arguments(self) -> dict[str, Any]:
        """What the step's command takes; the form must have been found valid."""
        data = self.form.cleaned_data
        # A form's `clean` may give the command other names than its fields have: 元 becomes 分, cells one mapping.
        found = {name: value for name, value in data.items() if name not in self._around}
        found |= {"note": data["note"], "papers": list(self._papers(data))}
        if "once" in data:
            return found | {"once": data["once"]}
        return found | {"seen": data["seen"]}

    def _papers(self, data: Mapping[str, Any]) -> Iterator[Paper]:
        for kind in self.step.takes:
            for upload in data.get(f"paper_{kind}") or ():
                yield kind, upload
