"""The parts of the shell: `{% frame "top" %}`."""

from collections.abc import Callable, Mapping

from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xianxue.kernel.ui.frame import MenuLine, draw
from xianxue.kernel.ui.shell import Shell

from .library import register
from .text import badge


@register.simple_tag(takes_context=True)
def frame(context: Context, part: str) -> SafeString:
    """A part of the frame, kept for its content; counts, the current entry and the session's token are filled in."""
    if part == "head":
        # The same for everybody, signed in or not.
        return draw(part, None, str)
    shell: Shell = context.get("shell") or Shell()
    if part == "tabs":
        return _tabs(shell)

    def fill(name: str) -> str:
        what, _blank, code = name.partition(" ")
        if what == "token":
            return str(CsrfTokenNode().render(context))
        if what == "asked":
            return conditional_escape(context["request"].GET.get("q", "")) if "request" in context else ""
        return _AT[what](shell, code)

    return draw(part, shell.frame, fill)


def _tabs(shell: Shell) -> SafeString:
    """The pages of the system to which the page belongs; nothing where there is no other."""
    line, (_system, here) = shell.line, shell.current
    if line is None or len(line.tabs) == 1:
        return mark_safe("")
    return draw("tabs", line, lambda name: HERE if name == f"tab {here}" else "")


def _current(shell: Shell, code: str) -> str:
    return HERE if code == shell.current[0] else ""


def _opened(shell: Shell, action: str) -> str:
    """A section stays as its reader left it (controllers/remembered.js); that of the page is always open."""
    return " open" if any(line.code == shell.current[0] for line in _lines(shell, action)) else ""


def _count(shell: Shell, code: str) -> str:
    return _badge((shell.counts or {}).get(code, 0))


def _sum(shell: Shell, action: str) -> str:
    return _badge(sum((shell.counts or {}).get(line.code, 0) for line in _lines(shell, action)))


def _badge(waiting: int) -> str:
    return badge(waiting, tone="late", label=_("件待办")) if waiting else ""


def _lines(shell: Shell, action: str) -> tuple[MenuLine, ...]:
    return next((section.lines for section in shell.menu if section.action == action), ())


HERE = ' aria-current="page"'
# The first word of a mark → what stands there on this page; `todo` is everything that waits for the reader.
_AT: Mapping[str, Callable[[Shell, str], str]] = {
    "current": _current,
    "open": _opened,
    "count": _count,
    "sum": _sum,
    "todo": lambda shell, _nothing: _count(shell, "work"),
}
