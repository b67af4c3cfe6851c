"""Form fields for files."""

from typing import Any

from django import forms


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
