"""The app that holds imports."""

from django.apps import AppConfig


class SheetsConfig(AppConfig):
    """Imports and their jobs."""

    name = "xianxue.kernel.sheets"
    label = "sheets"
    verbose_name = "表格"
