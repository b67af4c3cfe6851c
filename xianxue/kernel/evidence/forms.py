"""What a witness gives in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.history.checkpoints import Note, Unreadable, read_note

LIMIT = 64 * 1024


class KeptForm(forms.Form):
    """A checkpoint that was kept outside, as a file or as text; `note` is what was read."""

    file = forms.FileField(label=_("检查点文件"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=_("或粘贴检查点全文"), required=False, max_length=LIMIT, widget=forms.Textarea(attrs={"rows": 6})
    )
    note: Note

    def clean(self) -> dict[str, Any]:
        """Read the checkpoint out of either."""
        given: dict[str, Any] = super().clean() or {}
        file = given.get("file")
        text = file.read(LIMIT).decode("utf-8-sig", "replace") if file else given.get("text", "")
        try:
            self.note = read_note(text)
        except Unreadable as error:
            message = _("未核对：没有读到完整的检查点。请选择原样保存的 .txt 文件，或粘贴全文。")
            raise forms.ValidationError(message) from error
        return given
