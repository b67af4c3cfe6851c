"""The parts of the shell: `{% frame "top" %}`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
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
    if part == "tabs":
        return _tabs(shell)
    page = _Page.of(shell) if part == "menu" else _Page(shell.counts or {})

    def fill(name: str) -> str:
        what, _blank, code = name.partition(" ")
        if what == "token":
            return str(CsrfTokenNode().render(context))
        if what == "asked":
            return conditional_escape(context["request"].GET.get("q", "")) if "request" in context else ""
        return page.fill(what, code)

    return draw(part, shell.frame, fill)


def _tabs(shell: Shell) -> SafeString:
    """The pages of the system to which the page belongs; nothing where there is no other."""
    system, here = shell.current
    line = next((line for line in shell.lines if line.code == system), None)
    if line is None or len(line.tabs) == 1:
        return mark_safe("")
    return draw("tabs", line, lambda name: HERE if name == f"tab {here}" else "")


@dataclass(frozen=True)
class _Page:
    """What differs from page to page: what waits, by system; the system of the page; the systems of each section."""

    counts: Mapping[str, int]
    system: str = ""
    sections: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, shell: Shell) -> "_Page":
        sections = {section.action: tuple(line.code for line in section.lines) for section in shell.menu}
        return cls(shell.counts or {}, shell.current[0], sections)

    def fill(self, what: str, code: str) -> str:
        """What stands at a mark. A section stays as its reader left it (controllers/remembered.js); that of the page is open."""
        if what == "current":
            return HERE if code == self.system else ""
        if what == "open":
            return " open" if self.system in self.sections[code] else ""
        systems = {"count": (code,), "todo": (EVERYTHING,)}.get(what) or self.sections[code]
        waiting = sum(self.counts.get(system, 0) for system in systems)
        return badge(waiting, tone="late", label=_("件待办")) if waiting else ""


HERE = ' aria-current="page"'
# The system whose count is that of everything that waits for the reader.
EVERYTHING = "work"
