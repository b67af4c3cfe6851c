"""The form of a step's page: the step's own fields, then papers, then the reason, then what the page has seen."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.files.forms import FilesField, files_help
from xianxue.kernel.files.holding import held_uploads, hold, opened, release
from xianxue.kernel.files.models import HeldUpload
from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.procedures.papers import Paper
from xianxue.kernel.procedures.step_form import StepForm
from xianxue.kernel.ui.forms import FormSection

NOTE_LENGTH = 500
FORM_NAME = 120


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
        user_id: int | None = None,
    ) -> None:
        """`kept`: kinds of papers that the matter has already. `user_id`: whose uploads are held when the form goes back."""
        self.step, self.kept, self.user_id = step, kept, user_id
        place = subject.matter.pk if subject is not None else (data or {}).get("once", "")
        self.name = f"{step.procedure.code}.{step.code}:{place}"[:FORM_NAME]
        self.held = held_uploads(user_id, self.name) if data is not None or subject is not None else []
        form_class = step.form_class or StepForm
        extra = {"subject": subject} if issubclass(form_class, StepForm) else {}
        self.form = form_class(data, files, initial=initial, **extra)
        self.own = [name for name, field in self.form.fields.items() if not field.widget.is_hidden]
        self._around: set[str] = set()
        self._add_papers()
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

    def _add_papers(self) -> None:
        for kind in self.step.takes:
            is_asked_for = kind in self.step.papers and kind not in self.kept and not self._held_of(kind)
            label = str(self.step.procedure.papers[kind])
            self._add(f"paper_{kind}", FilesField(label=label, required=is_asked_for, help_text=self._help(kind)))

    def _held_of(self, kind: str) -> list[HeldUpload]:
        return [one for one in self.held if one.kind == kind]

    def _help(self, kind: str) -> str:
        if held := self._held_of(kind):
            told = _("已收到 %(names)s，不必再选；要换，请重新选择。") % {"names": "、".join(one.name for one in held)}
            return told + files_help()
        return _("已有此材料；如有新的，可再上传。") + files_help() if kind in self.kept else files_help()

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

    def run(self, *subject: Any, by: Actor) -> Any:
        """Do the step with what was filled in; the form must have been found valid. Returns and raises as the step does."""
        with ExitStack() as files:
            return self.step.run(*subject, by=by, **self._arguments(files))

    def _arguments(self, files: ExitStack) -> dict[str, Any]:
        data = self.form.cleaned_data
        # A form's `clean` may give the command other names than its fields have: 元 becomes 分, cells one mapping.
        found = {name: value for name, value in data.items() if name not in self._around}
        found |= {"note": data["note"], "papers": list(self._papers(data, files))}
        if "once" in data:
            return found | {"once": data["once"]}
        return found | {"seen": data["seen"]}

    def _papers(self, data: Mapping[str, Any], files: ExitStack) -> Iterator[Paper]:
        for kind in self.step.takes:
            uploads = data.get(f"paper_{kind}") or [files.enter_context(opened(one)) for one in self._held_of(kind)]
            yield from ((kind, upload) for upload in uploads)

    def hold(self) -> None:
        """Keep what was uploaded, for the form goes back to its sender: it then names the files and asks for none of them."""
        uploads = [(kind, upload) for kind in self.step.takes for upload in self.form.files.getlist(f"paper_{kind}")]
        if self.user_id is None or not uploads:
            return
        hold(uploads, user_id=self.user_id, form=self.name)
        self.held = held_uploads(self.user_id, self.name)
        for one in self.held:
            # The bound field copied its help when the form was checked.
            self.form.fields[f"paper_{one.kind}"].required = False
            self.form[f"paper_{one.kind}"].help_text = self._help(one.kind)

    def release(self) -> None:
        """Let go of what was held: the step is done."""
        if self.held and self.user_id is not None:
            release(self.user_id, self.name)
