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

    def ready(self) -> None:
        """Read `procedures.py`, then the commands and forms of its steps, of every app."""
        from xianxue.kernel.procedures.checks import check_procedures  # noqa: PLC0415 - app ready

        autodiscover_modules("procedures", "services", "forms")
        checks.register(check_procedures)
