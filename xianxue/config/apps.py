"""The configuration as a Django app: holds the command line."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, urls and the command line."""

    name = "xianxue.config"
    label = "config"

    def ready(self) -> None:
        """Count commands, and declare the periodic work of the installation."""
        from xianxue.config.operations import chores, metrics  # noqa: PLC0415 - app ready
        from xianxue.kernel.commands import watch  # noqa: PLC0415 - app ready

        watch(metrics.count_command)
        chores.declare()
