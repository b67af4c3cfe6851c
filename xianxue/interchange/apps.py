"""Exchange with other systems in formats that others define."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InterchangeConfig(AppConfig):
    """OneRoster CSV."""

    name = "xianxue.interchange"
    label = "interchange"
    verbose_name = _("数据交换")
