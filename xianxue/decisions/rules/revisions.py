"""Two versions of the county's rules side by side, rule by rule, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from xianxue.decisions.rules.manual import PARAMETERS
from xianxue.decisions.rules.outcomes import all_checks
from xianxue.kernel.checks.choices import Severity
from xianxue.kernel.ui import formats
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.rules.majority import Base, Fraction

Rules = Mapping[str, Any]
DEFAULT = "default:"
LIMIT_OF_OTHERS = "default"


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called: types of schools, kinds of payments."""

    school_types: Mapping[str, str] = field(default_factory=dict)
    payment_kinds: Mapping[str, str] = field(default_factory=dict)


def differences(old: Rules, new: Rules, names: Names) -> list[tuple[str, str, str]]:
    """(rule, before, now) for every rule of which the two versions differ, in the order of `told`."""
    before, now = dict(told(old, names)), dict(told(new, names))
    none = _("没有")
    return [
        (rule, before.get(rule, none), now.get(rule, none))
        for rule in {**before, **now}
        if before.get(rule) != now.get(rule)
    ]


def told(rules: Rules, names: Names) -> Iterator[tuple[str, str]]:
    """Every rule of a version: what it is called, and what it says."""
    yield from _fractions(rules)
    for code, amount in rules["thresholds"].items():
        yield limit_label(code, names), _yuan(amount)
    yield _("会前报备金额"), _yuan(rules["filing_threshold_fen"])
    kinds = "、".join(names.payment_kinds.get(kind, kind) for kind in sorted(rules["excluded"]))
    yield _("不需要上会的支出"), kinds or _("没有")
    for check in all_checks():
        if setting := rules["checks"].get(check.code):
            yield from _check(f"{check.code} {check.label}", check.code, setting)


def limit_label(code: str, names: Names) -> str:
    """The name of a limit: 限额 · 小学."""
    kind = _("其他学校") if code == LIMIT_OF_OTHERS else names.school_types.get(code, code)
    return _("限额 · %(kind)s") % {"kind": kind}


def fraction_label(part: str, code: str) -> str:
    """The name of a fraction: 到会 · 党组织会议."""
    if part == "majorities":
        is_default = code.startswith(DEFAULT)
        body = code.removeprefix(DEFAULT)
        return _("赞成 · %(of)s") % {"of": _body(body) if is_default else named_majority(code)}
    label = _("重要事项到会 · %(of)s") if part == "important_quorum" else _("到会 · %(of)s")
    return label % {"of": _body(code)}


def named_majority(code: str) -> str:
    """What a rule of its own is called; the code where a county made one itself."""
    return {"two_thirds": _("三分之二多数"), "half_present": _("实到过半数")}.get(code, code)


def fraction_words(given: Mapping[str, Any]) -> str:
    """应到的 2/3 以上, 超过应到的 1/2."""
    rule = Fraction.of(given)
    of = {Base.ROSTER: _("应到"), Base.PRESENT: _("实到"), Base.VALID: _("有效票")}[rule.base]
    part = {"of": of, "num": rule.num, "den": rule.den}
    return _("超过%(of)s的 %(num)s/%(den)s") % part if rule.strict else _("%(of)s的 %(num)s/%(den)s 以上") % part


def _fractions(rules: Rules) -> Iterator[tuple[str, str]]:
    for part in ("quorum", "important_quorum", "majorities"):
        for code, given in rules[part].items():
            yield fraction_label(part, code), fraction_words(given)


def _check(name: str, code: str, setting: Rules) -> Iterator[tuple[str, str]]:
    yield name, str(Severity(setting["severity"]).label) if setting["is_on"] else _("停用")
    for parameter, value in setting["parameters"].items():
        label = PARAMETERS.get((code, parameter), parameter)
        yield _("%(check)s：%(parameter)s") % {"check": name, "parameter": label}, str(value)


def _body(kind: str) -> str:
    return str(BodyKind(kind).label) if kind in BodyKind.values else kind


def _yuan(fen: int) -> str:
    return _("%(amount)s 元") % {"amount": formats.yuan(fen)}
