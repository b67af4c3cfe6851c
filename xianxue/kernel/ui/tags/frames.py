"""The parts of the shell: `{% frame "top" %}`."""

from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xianxue.kernel.ui.frame import draw
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
    current, counts = shell.current_code if part == "menu" else "", shell.counts or {}

    def fill(name: str) -> str:
        what, _blank, code = name.partition(" ")
        if what == "current":
            return ' aria-current="page"' if code == current else ""
        if what == "count":
            return badge(counts[code], tone="late", label=_("件待办")) if counts.get(code) else ""
        if what == "todo":
            return badge(counts["todo"], tone="late", label=_("件")) if counts.get("todo") else ""
        if what == "token":
            return CsrfTokenNode().render(context)
        return conditional_escape(context["request"].GET.get("q", "")) if "request" in context else ""

    return draw(part, shell.frame, fill)
