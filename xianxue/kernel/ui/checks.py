"""Start-up checks: a menu entry that leads nowhere stops the server."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch

from . import menu


def check_menu(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """`ui.E001` for every tab of the menu whose URL name does not exist."""
    errors: list[CheckMessage] = []
    for entry in menu.declared():
        try:
            _ = entry.href
        except NoReverseMatch:
            errors.append(
                Error(
                    f'tab "{entry.code}" names the URL "{entry.url_name}", which does not exist.',
                    hint="Add the URL in xianxue/config/urls.py, or correct the url_name given to menu.add().",
                    id="ui.E001",
                )
            )
    return errors
