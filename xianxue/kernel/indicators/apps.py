"""Indicators as a Django app."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    """Numbers with one source each."""

    name = "xianxue.kernel.indicators"
    label = "indicators"
    verbose_name = _("指标")

    def ready(self) -> None:
        """Load `indicators.py` of every app; models are all loaded by now."""
        from xianxue.kernel.indicators.checks import check_indicators  # noqa: PLC0415 - app ready

        autodiscover_modules("indicators")
        checks.register(check_indicators)
