"""Ledgers as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgersConfig(AppConfig):
    """What schools paid, signed and whom they appointed: the same rows for every part that checks money and posts."""

    name = "xianxue.ledgers"
    label = "ledgers"
    verbose_name = _("台账")
