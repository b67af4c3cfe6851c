"""The small values that several page pieces share: tones, links, actions, pills."""

from dataclasses import dataclass
from typing import Literal

# State is a word first and a colour second: quiet 无, now 进行中, done 竹青, due 藤黄, late 朱砂.
Tone = Literal["quiet", "now", "done", "due", "late"]
ButtonKind = Literal["plain", "primary", "danger", "quiet"]


@dataclass(frozen=True, slots=True)
class Link:
    """A word that leads somewhere; without `href` it is only a word (the last of a breadcrumb)."""

    label: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in one word."""

    text: str
    tone: Tone = "quiet"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A thing to do at the head of a page or under a panel.

    `method` "post" renders a form with the CSRF token, and `fields` as its hidden inputs.
    `why_not` says why the action cannot be taken now; the button stays visible and says it.
    """

    label: str
    href: str
    kind: ButtonKind = "plain"
    icon: str = ""
    method: Literal["get", "post"] = "get"
    fields: tuple[tuple[str, str], ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message on the page: what happened or did not, why, and what to do."""

    text: str
    tone: Tone = "now"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several views on the same thing."""

    label: str
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure or one entry of a short timeline."""

    title: str
    note: str = ""
    state: Literal["todo", "done", "current", "failed"] = "todo"
