"""What a release holds: every figure of a year counted anew at one moment, and the report that is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xianxue.insight import catalogue, report, selectors, shown
from xianxue.insight.models import Variant
from xianxue.insight.releases import paper
from xianxue.insight.selectors import Stated
from xianxue.kernel import indicators
from xianxue.kernel.access import whole_county
from xianxue.kernel.history.canonical import SHA256, canonical, hash_hex
from xianxue.kernel.history.models import Event
from xianxue.kernel.indicators import Indicator, Period
from xianxue.kernel.indicators.lineage import lineage
from xianxue.kernel.indicators.row_digests import RowDigests, read_digests
from xianxue.kernel.indicators.selectors import Value, period_in
from xianxue.kernel.indicators.services import Gathered, gather, value_of
from xianxue.kernel.indicators.snapshot import one_moment
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Code, CodeList, Unit
from xianxue.organisations.selectors import reference_day

FORMAT = "xianxue.release/1"


@dataclass(frozen=True)
class Counted:
    """One indicator as counted for a release: its parts, its value, its rows and what it depends on."""

    item: Indicator
    period: Period
    gathered: Gathered
    value: Value
    rows: RowDigests
    divided: RowDigests | None
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Moment:
    """The point of the log up to which everything was read, and the day on which rosters stand by default."""

    event: int
    event_hash: str
    reference_day: date


@dataclass(frozen=True)
class Frozen:
    """A year as read at one moment: `content` is what a release keeps of it as plain values."""

    content: dict[str, Any]
    counted: tuple[Counted, ...]
    moment: Moment


def freeze(year: int, salt: str) -> Frozen:
    """Read everything that a release of the year holds, as of one moment; nobody waits meanwhile, nothing is written.

    `salt` (32 hex digits) goes into the digests of the rows: the same rows under the same salt give the same content.
    """
    with one_moment(), whole_county("release of the yearly report"):
        moment = _moment()
        counted = count(year, salt)
        document = report.document(year, Variant.REPORT, stated(counted))
        content = {
            "year": year,
            "kind": Variant.REPORT.value,
            "unit": _unit(),
            "title": document.title,
            "issuer": document.issuer,
            "document": paper.as_plain(document),
            "figures": _figures(counted, paper.printed(document)),
            "code_lists": _code_lists(),
        }
    return Frozen(content, counted, moment)


def count(year: int, salt: str) -> tuple[Counted, ...]:
    """All indicators of a year, in the reach now in force, in the periods that stand for it."""
    found = ((item, period_in(item.period, year)) for item in indicators.all())
    return tuple(count_one(item, period, salt) for item, period in found if period is not None)


def count_one(item: Indicator, period: Period, salt: str) -> Counted:
    """One indicator of a period, in the reach now in force."""
    rows, gathered = item.build(period), gather(item, period)
    divided = read_digests(rows.per, salt) if rows.per else None
    return Counted(
        item, period, gathered, value_of(gathered), read_digests(rows, salt), divided, parameters_of(item, period)
    )


def parameters_of(item: Indicator, period: Period) -> dict[str, str]:
    """What the figure depends on outside its rows, by name: its days, its standard, its slices, what it declares."""
    found = {"period": f"{period.start}/{period.end}", "day": f"{period.day}"}
    if item.threshold is not None:
        found["threshold"] = f"{item.operator} {item.threshold}"
    labels = item.build(period).slice_labels
    if labels is not None:
        found["slices"] = hash_hex(canonical({str(key): str(label) for key, label in labels().items()}), SHA256)
    declared = item.parameters(period) if item.parameters else {}
    return found | {f"own.{name}": str(value) for name, value in declared.items()}


def stated(counted: tuple[Counted, ...]) -> dict[str, Stated]:
    """The figures as the report reads them, of what was counted just now; all others have nothing on record."""
    values = {one.item.code: one for one in counted}
    found = {}
    for item in indicators.all():
        one = values.get(item.code)
        found[item.code] = Stated(
            str(item.label),
            str(item.unit),
            one.value if one else Value(),
            figure=catalogue.figure(item.figure) if item.figure else None,
            item=item,
            period=one.period if one else None,
        )
    return selectors.with_figures(found)


def plain(number: int | Decimal | None) -> str | None:
    """A number as text without loss: hashed values know no floating point."""
    return None if number is None else format(Decimal(number).normalize(), "f")


def words(number: int | Decimal | None, item: Indicator) -> str:
    """A number in full with its measure word, or 尚无记录: rounding would hide what changed."""
    text = shown.text_of(number, places=item.places)
    return _("尚无记录") if text is None else f"{text} {item.unit}"


def rows_root(rows: RowDigests) -> str:
    """One hash over the digests of all rows, in the order of their keys."""
    return hash_hex(rows.body, SHA256)


def _moment() -> Moment:
    head = Event.objects.order_by("-seq").values_list("seq", "leaf_hash").first()
    return Moment(head[0] if head else 0, head[1] if head else "", reference_day())


def _unit() -> dict[str, Any]:
    county = Unit.objects.filter(kind=UnitKind.COUNTY).order_by("path").first()
    return {"id": county.pk if county else None, "code": county.code if county else "", "name": report.county()}


def _figures(counted: tuple[Counted, ...], wordings: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """Every indicator, then the figures of the catalogue that nothing delivers yet."""
    delivered = {item.figure for item in indicators.all()}
    missing = [
        {"code": row.id, "label": row.label, "unit": row.unit, "value": None, "printed": wordings.get(row.id, [])}
        for row in catalogue.figures()
        if row.id not in delivered
    ]
    return [figure_of(one, wordings.get(one.item.figure, [])) for one in counted] + missing


def figure_of(one: Counted, wordings: list[str]) -> dict[str, Any]:
    """A figure as it is kept for ever: what it meant, what it came to, and roots of the rows behind it."""
    item, value = one.item, one.value
    facts = {name: str(getattr(item, name)) for name in ("code", "figure", "label", "definition", "source", "grain")}
    return facts | {
        "unit": str(item.unit),
        "version": item.version,
        "fingerprint": item.fingerprint,
        "period": {"kind": one.period.kind, "key": one.period.key, "label": one.period.label},
        "parameters": dict(one.parameters),
        "value": plain(value.number),
        "shown": words(value.number, item),
        "printed": wordings,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "scale": item.scale,
        "times": item.times,
        "places": item.places,
        "additive": item.additive,
        "units_reporting": value.reporting,
        "units_expected": value.expected,
        "rows": len(one.rows),
        "rows_root": rows_root(one.rows),
        "divided_rows": None if one.divided is None else len(one.divided),
        "divided_root": None if one.divided is None else rows_root(one.divided),
        "sources": [
            {"table": source.table, "fields": list(source.fields)} for source in lineage(item.build(one.period))
        ],
    }


def _code_lists() -> dict[str, str]:
    """Version of every code list in use, and a hash over its codes."""
    codes: dict[int, list[list[str]]] = {}
    for pk, value, label in Code.objects.order_by("code_list", "value").values_list("code_list_id", "value", "label"):
        codes.setdefault(pk, []).append([value, label])
    lists = CodeList.objects.order_by("code").values_list("pk", "code", "version")
    return {
        code: f"{version} {hash_hex(canonical({'codes': codes.get(pk, [])}), SHA256)[:16]}".strip()
        for pk, code, version in lists
    }
