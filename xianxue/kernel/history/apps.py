"""The history as a Django app."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """Append-only log of domain events."""

    name = "xianxue.kernel.history"
    label = "history"
    verbose_name = "留痕"
