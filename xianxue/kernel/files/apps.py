"""The files as a Django app."""

from django.apps import AppConfig

from xianxue.kernel.history import triggers


class FilesConfig(AppConfig):
    """Attachments and their store."""

    name = "xianxue.kernel.files"
    label = "files"
    verbose_name = "附件"

    def ready(self) -> None:
        """Say which tables the database must keep from being rewritten."""
        triggers.expect("files_storedfile", "files_attachment")
