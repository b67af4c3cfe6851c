"""Procedures as a Django app: finds every app's declarations and checks them."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ProceduresConfig(AppConfig):
    """Matters under way, and the procedures that they run through."""

    name = "xianxue.kernel.procedures"
    label = "procedures"
    verbose_name = _("流程")

    def import_models(self) -> None:
        """Besides, say what makes a step's command: other apps declare theirs as soon as they are ready."""
        super().import_models()
        from xianxue.kernel.procedures.performer import provide_performer  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.running import wrapped  # noqa: PLC0415 - app ready

        provide_performer(wrapped)

    def ready(self) -> None:
        """Read `procedures.py`, then the commands and forms of its steps, of every app."""
        from xianxue.kernel.files import guard  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.checks import check_procedures  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.declaration import all_procedures, give_commands  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.models import SUBJECT_TYPE  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.selectors import visible_matter  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        autodiscover_modules("procedures", "services", "forms")
        for item in all_procedures():
            give_commands(item)
        checks.register(check_procedures)
        guard(SUBJECT_TYPE, lambda pk: visible_matter(pk) is not None)
        menu.add("work", _("流程目录"), "procedures", menu.Everyone(), 70)
