"""Accounts as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Users, postings, sign-in."""

    name = "xianxue.accounts"
    label = "accounts"
    verbose_name = _("账号")
