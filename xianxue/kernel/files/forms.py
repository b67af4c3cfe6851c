"""Form fields for files."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _


def files_help() -> str:
    """What may be uploaded, for the help of a field."""
    words = {"limit": settings.ATTACHMENT_LIMIT_MB, "types": "、".join(settings.ATTACHMENT_TYPES)}
    return _("可选多个文件；每个不超过 %(limit)s MB；可用 %(types)s。") % words


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
        upload = super().clean(data, initial)
        return [upload] if upload else []
