"""What a token is for: words that narrow what its owner may do, and never widen it.

`read:pupils`, `write:pupils` name a register, `read:@registers` the registers of a group of the menu, `read:*` all.
`reveal`, `indicators`, `matters` and `webhooks` stand alone. Who may write may read.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.resources import Register, all_registers
from xianxue.kernel.ui.systems import groups

READ, WRITE = "read", "write"
REVEAL, INDICATORS, MATTERS, WEBHOOKS = "reveal", "indicators", "matters", "webhooks"
ALONE: dict[str, Any] = {
    REVEAL: _("查看证件号等原值"),
    INDICATORS: _("读取指标"),
    MATTERS: _("办理事项"),
    WEBHOOKS: _("订阅变更通知"),
}


@dataclass(frozen=True)
class Scopes:
    """The words of one token."""

    words: frozenset[str]

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def reads(self, register: Register) -> bool:
        """Whether rows of the register may be read."""
        return self._has(READ, register) or self.writes(register)

    def writes(self, register: Register) -> bool:
        """Whether rows of the register may be made and changed."""
        return self._has(WRITE, register)

    def _has(self, verb: str, register: Register) -> bool:
        return not self.words.isdisjoint({f"{verb}:*", f"{verb}:@{register.action}", f"{verb}:{register.code}"})


def of(words: Collection[str]) -> Scopes:
    """The scopes of these words."""
    return Scopes(frozenset(words))


def known() -> Iterator[tuple[str, str]]:
    """Every word there is, with what it opens, in words."""
    for verb, label in ((READ, _("读取")), (WRITE, _("新增与更改"))):
        yield f"{verb}:*", f"{label}：{_('全部登记')}"
        for action, name in groups().items():
            yield f"{verb}:@{action}", f"{label}：{name}"
        for register in all_registers():
            if verb == READ or register.sheet:
                yield f"{verb}:{register.code}", f"{label}：{register.label}"
    yield from ((word, str(label)) for word, label in ALONE.items())


def open_to(reach: Reach) -> list[tuple[str, str]]:
    """The words that would open anything to a person of that reach, each with what it opens, in words."""
    opened = opened_to(reach)
    return [(word, label) for word, label in known() if word in opened]


def opened_to(reach: Reach) -> set[str]:
    """The same words alone."""
    found = set(ALONE) - {REVEAL}
    for register in all_registers():
        for verb, grant in ((READ, register.view), (WRITE, register.change if register.sheet else None)):
            if grant is not None and grant.scope(reach):
                found |= {f"{verb}:*", f"{verb}:@{register.action}", f"{verb}:{register.code}"}
        if register.reveal.scope(reach):
            found.add(REVEAL)
    return found
