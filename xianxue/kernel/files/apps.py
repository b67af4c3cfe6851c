"""The files as a Django app."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.history import triggers


class FilesConfig(AppConfig):
    """Attachments and their store."""

    name = "xianxue.kernel.files"
    label = "files"
    verbose_name = "附件"

    def ready(self) -> None:
        """Say which tables the database must keep from being rewritten; let go of held uploads."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.files.holding import forget_old  # noqa: PLC0415 - app ready

        schedule.register("files.forget_held", _("清除暂存的上传文件"), schedule.Every(timedelta(hours=1)), forget_old)
        triggers.expect("files_storedfile", "files_attachment")
