"""Django's own command, which takes a change of wording for no change."""

from django.core.management.commands.makemigrations import Command as DjangosCommand

from xianxue.config.wordless import WordlessAutodetector


class Command(DjangosCommand):
    """As Django's."""

    autodetector = WordlessAutodetector
