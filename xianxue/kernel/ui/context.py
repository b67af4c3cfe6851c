"""Context processor: the shell around every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from .shell import Shell


def shell(request: HttpRequest) -> dict[str, object]:
    """Give `shell` to templates, built only when one asks for it.

    `settings.UI_SHELL` names the function `(request) -> Shell`; the kernel cannot know who a county or a user is.
    """

    def build() -> Shell:
        name = getattr(settings, "UI_SHELL", "xianxue.kernel.ui.shell.plain_shell")
        source: Callable[[HttpRequest], Shell] = import_string(name)
        return source(request)

    return {"shell": SimpleLazyObject(build)}
