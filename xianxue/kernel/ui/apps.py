"""The Django app that carries templates, static files and template tags of every page."""

from django.apps import AppConfig
from django.core import checks

from .checks import check_menu


class UiConfig(AppConfig):
    """`xianxue.kernel.ui`."""

    name = "xianxue.kernel.ui"
    label = "ui"

    def ready(self) -> None:
        checks.register(check_menu, checks.Tags.urls)
