"""Registers as a Django app: finds every app's declarations, puts them into the menu, checks them."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules

from xianxue.kernel.access import Grant, nobody


def _readers_of(sheet: str) -> Grant:
    """Who sees the register that a sheet fills."""
    from xianxue.kernel.resources.register import find  # noqa: PLC0415 - app ready

    register = find(lambda item: item.sheet == sheet)
    return register.view if register else nobody


class ResourcesConfig(AppConfig):
    """Registers declared once."""

    name = "xianxue.kernel.resources"
    label = "resources"

    def ready(self) -> None:
        """Read `roles.py` and `resources.py` of every app; models are all loaded by now."""
        from xianxue.kernel.resources.attaching import guard_papers  # noqa: PLC0415 - app ready
        from xianxue.kernel.resources.checks import check_registers  # noqa: PLC0415 - app ready
        from xianxue.kernel.resources.register import all_registers  # noqa: PLC0415 - app ready
        from xianxue.kernel.sheets.senders import provide_readers  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        autodiscover_modules("resources")
        for item in all_registers():
            guard_papers(item)
            if item.in_menu:
                address = f"{item.code}-list"
                menu.add(item.system, item.label, address, item.view, item.menu_order, in_settings=item.in_settings)
        provide_readers(_readers_of)
        checks.register(check_registers)
