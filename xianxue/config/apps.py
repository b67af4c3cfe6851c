"""The configuration as a Django app: holds the command line."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Settings, urls and the command line."""

    name = "xianxue.config"
    label = "config"
