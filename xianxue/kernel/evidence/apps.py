"""Evidence as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvidenceConfig(AppConfig):
    """Checkpoints for witnesses, packs, and their pages."""

    name = "xianxue.kernel.evidence"
    label = "evidence"
    verbose_name = _("存证")

    def ready(self) -> None:
        """Put the page into the menu, and the periodic work onto the schedule."""
        from xianxue.kernel.evidence import tasks, views  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        menu.add("records", _("留痕见证"), "evidence", views.WITNESSES, order=10)
        tasks.register_all()
