"""Accounts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, postings, sign-in."""

    name = "xianxue.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        """Say how an import's sender is turned into a reach; put the permission matrix into the menu."""
        from xianxue.accounts.selectors import reach_of_id  # noqa: PLC0415 - app ready
        from xianxue.accounts.services.exports import ask_href, use_export  # noqa: PLC0415 - app ready
        from xianxue.kernel.access import provide_reach  # noqa: PLC0415 - app ready
        from xianxue.kernel.resources.exports import provide_permits  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        provide_reach(reach_of_id)
        provide_permits(use_export, ask_href)
        menu.add("accounts", _("权限表"), "permissions", menu.Everyone(), 190)
