"""The app of the demonstration county; it has no models of its own."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the package, so that its tests and templates are found."""

    name = "xianxue.demo"
    label = "demo"
    verbose_name = "示范县"

    def ready(self) -> None:
        """Make its command known: the history names it on the pages."""
        from xianxue.demo.decisions import writing  # noqa: F401, PLC0415 - app ready
