"""The files as a Django app."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Attachments and their store."""

    name = "xianxue.kernel.files"
    label = "files"
    verbose_name = "附件"
