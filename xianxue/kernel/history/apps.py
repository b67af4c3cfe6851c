"""The history as a Django app."""

from django.apps import AppConfig

from xianxue.kernel.history import triggers

TABLES = ("event", "payload", "loghead", "treenode", "checkpoint", "erasure")


class HistoryConfig(AppConfig):
    """Append-only log of domain events."""

    name = "xianxue.kernel.history"
    label = "history"
    verbose_name = "留痕"

    def ready(self) -> None:
        """Say which tables the database must keep from being rewritten."""
        triggers.expect(*(f"history_{name}" for name in TABLES))
