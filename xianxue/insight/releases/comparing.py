"""A release against the records as they are now: figure by figure, and for each the very rows that differ."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext as _

from xianxue.insight.models import Release, ReleaseRows, Side
from xianxue.insight.releases import checking, selectors
from xianxue.insight.releases.freezing import Counted, count_one, plain, words
from xianxue.kernel import indicators
from xianxue.kernel.access import whole_county
from xianxue.kernel.indicators import Indicator
from xianxue.kernel.indicators.row_digests import RowChanges, RowDigests
from xianxue.kernel.indicators.selectors import period_in
from xianxue.kernel.indicators.services import latest_event
from xianxue.kernel.indicators.snapshot import one_moment

# `rows`: the number is the same, the rows are not. `parameters`: number and rows are the same, what they were held
# against is not. `uncomputed`: the definition of the release is no longer there to be counted by.
State = Literal["same", "changed", "rows", "parameters", "uncomputed"]
PARAMETERS = {"period": _("统计期"), "day": _("统计日"), "threshold": _("标准"), "slices": _("分项代码表")}


@dataclass(frozen=True)
class Finding:
    """One figure then and now; `reasons` are sentences, the changes are keys of rows."""

    code: str
    label: str
    state: State
    was: str
    now: str = ""
    reasons: tuple[str, ...] = ()
    counted: RowChanges = field(default_factory=RowChanges)
    divided: RowChanges = field(default_factory=RowChanges)

    def changes(self, side: str) -> RowChanges:
        """Changed rows of the numerator, or of the denominator."""
        return self.divided if side == Side.DIVIDED else self.counted


@dataclass(frozen=True)
class Comparison:
    """All figures of a release against the records as of one event; `faults` say what of the release was altered."""

    event_seq: int
    findings: tuple[Finding, ...]
    faults: tuple[str, ...] = ()

    def count(self, *states: State) -> int:
        """How many figures are in one of these states."""
        return sum(1 for one in self.findings if one.state in states)

    def packed(self) -> bytes:
        """As compressed JSON."""
        return zlib.compress(json.dumps(asdict(self), ensure_ascii=False).encode())

    @classmethod
    def unpacked(cls, data: bytes) -> "Comparison":
        """Out of compressed JSON."""
        found = json.loads(zlib.decompress(data))
        return cls(found["event_seq"], tuple(_finding(one) for one in found["findings"]), tuple(found["faults"]))


def _finding(facts: dict[str, Any]) -> Finding:
    sides = {side: RowChanges(**{kind: tuple(keys) for kind, keys in facts[side].items()}) for side in Side.values}
    return Finding(**{**facts, "reasons": tuple(facts["reasons"]), **sides})


def compare(release: Release) -> Comparison:
    """Count every figure of a release anew, at one moment, and say what became of it. Writes nothing."""
    content = selectors.content_of(release)
    with one_moment(), whole_county("a release against the records"):
        seq = latest_event()
        findings = tuple(_compared(release, figure, content["year"]) for figure in content["figures"])
        return Comparison(seq, findings, tuple(checking.faults(release)))


def _compared(release: Release, was: Mapping[str, Any], year: int) -> Finding:
    item = indicators.find(was["code"]) or indicators.by_figure().get(was["code"])
    if "fingerprint" not in was:
        return _without_source(was, item)
    if reason := _uncomputable(was, item):
        return _finding_of(was, "uncomputed", reasons=(reason,))
    period = period_in(item.period, year) if item else None
    if item is None or period is None:
        reason = _("统计期“%(period)s”不在了，例如学期被删除。") % {"period": was["period"]["label"]}
        return _finding_of(was, "uncomputed", reasons=(reason,))
    return _recounted(release, was, count_one(item, period, release.salt))


def _without_source(was: Mapping[str, Any], item: Indicator | None) -> Finding:
    """A figure that nothing delivered when the report was released."""
    if item is None:
        return _finding_of(was, "same")
    return _finding_of(was, "uncomputed", reasons=(_("发布时还没有这项指标，现在有了。"),))


def _finding_of(was: Mapping[str, Any], state: State, **facts: Any) -> Finding:
    return Finding(was["code"], was["label"], state, was.get("shown", _("尚无记录")), **facts)


def _uncomputable(was: Mapping[str, Any], item: Indicator | None) -> str | None:
    if item is None:
        return _("这项指标已经不在本系统里。")
    if item.version != was["version"]:
        return _("口径已由第 %(was)s 版改为第 %(now)s 版，原口径不能再算。") % {
            "was": was["version"],
            "now": item.version,
        }
    if item.fingerprint != was["fingerprint"]:
        return _("口径的文字或算法有改动，而版本号没有升。请报告软件维护人员。")
    return None


def _recounted(release: Release, was: Mapping[str, Any], now: Counted) -> Finding:
    sides = {
        Side.COUNTED.value: _changes(release, was["code"], Side.COUNTED, now.rows),
        Side.DIVIDED.value: _changes(release, was["code"], Side.DIVIDED, now.divided or RowDigests()),
    }
    reasons = tuple(_parameters(was["parameters"], now.parameters))
    facts = (plain(now.value.number), now.value.numerator, now.value.denominator)
    is_same = facts == (was["value"], was["numerator"], was["denominator"])
    state: State = "changed" if not is_same else "rows" if any(sides.values()) else "parameters" if reasons else "same"
    return _finding_of(was, state, now=words(now.value.number, now.item), reasons=reasons, **sides)


def _changes(release: Release, code: str, side: Side, now: RowDigests) -> RowChanges:
    row = ReleaseRows.objects.filter(release=release, code=code, side=side).first()
    if row is None:
        return RowChanges(added=now.keys)
    try:
        return RowDigests.unpacked(bytes(row.digests)).changes_to(now)
    except ValueError:  # altered bytes: the fault is named by `checking`
        return RowChanges(added=now.keys)


def _parameters(was: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    found = []
    for name in sorted({*was, *now}):
        if was.get(name) == now.get(name):
            continue
        label = PARAMETERS.get(name, name.removeprefix("own."))
        if name == "slices":
            found.append(_("%(name)s有改动。") % {"name": label})
        else:
            words = {"name": label, "was": was.get(name, _("无")), "now": now.get(name, _("无"))}
            found.append(_("%(name)s由 %(was)s 改为 %(now)s。") % words)
    return found
