"""The app of the demonstration county; it has no models of its own."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Registers the package, so that its tests and templates are found."""

    name = "xianxue.demo"
    label = "demo"
    verbose_name = "示范县"
