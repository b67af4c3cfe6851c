"""The API as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Tokens, operations of registers, webhooks."""

    name = "xianxue.kernel.api"
    label = "api"
    verbose_name = _("接口")
