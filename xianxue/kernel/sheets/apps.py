"""The app that holds imports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Grant, Reach, UnitScope
from xianxue.kernel.access.reach import NO_UNIT


class SendersGrant:
    """Opens the page of imports to whoever may write rows of any sheet."""

    def scope(self, reach: Reach) -> UnitScope:
        """Union of the scopes of all sheets' writers."""
        from xianxue.kernel.sheets import sheet as registry  # noqa: PLC0415 - app ready: sheets come with the apps

        found = NO_UNIT
        for sheet in registry.all():
            found |= sheet.writer.grant.scope(reach)
        return found

    def __or__(self, other: Grant) -> Grant:
        raise NotImplementedError


class SheetsConfig(AppConfig):
    """Imports and their jobs."""

    name = "xianxue.kernel.sheets"
    label = "sheets"
    verbose_name = _("表格")

    def ready(self) -> None:
        """Put the page of imports into the menu."""
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        menu.add("imports", _("导入 Excel"), "import-start", SendersGrant(), order=900)
