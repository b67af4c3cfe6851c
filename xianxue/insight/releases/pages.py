"""The pages of releases as data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.insight.models import Draft, Release
from xianxue.insight.releases import checking, comparing, paper, selectors
from xianxue.insight.releases.changed_rows import ChangedRow, Differences
from xianxue.insight.releases.comparing import Comparison, Finding, State
from xianxue.kernel.history.selectors import Entry
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.details import Fact, FactsPanel, TablePanel
from xianxue.kernel.ui.parts import Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row, TableView

STATES: dict[State, tuple[str, Tone]] = {
    "same": (_("相同"), "done"),
    "changed": (_("数字变了"), "late"),
    "rows": (_("数字相同，明细变了"), "due"),
    "parameters": (_("数字相同，参数变了"), "due"),
    "uncomputed": (_("无法重算"), "due"),
}
VIA = "import:"


def standing(release: Release) -> Pill:
    """Whether the release still speaks for its year, in one word."""
    if hasattr(release, "withdrawal"):
        return Pill(_("已撤回"), "late")
    if hasattr(release, "successor"):
        return Pill(_("已被替代"), "due")
    return Pill(_("有效"), "done")


def moment(at: datetime) -> str:
    """A moment in the county's time, to the minute, always with its year."""
    return formats.china_moment(at, year="always")


def listing(releases: Iterable[Release], *, in_full: bool) -> TableView:
    """All releases; those who may not see the figures are led to the text."""
    rows = list(releases)
    page = "release" if in_full else "release-paper"
    return TableView(
        columns=[
            HeadCell("number", _("编号")),
            HeadCell("title", _("标题")),
            HeadCell("on", _("发布时间")),
            HeadCell("standing", _("效力")),
            HeadCell("check", _("与现在比对")),
        ],
        rows=[_listed(one, reverse(page, args=(one.number,)), in_full=in_full) for one in rows],
        total=len(rows),
        label=_("已发布的报告"),
        empty_title=_("还没有发布过报告"),
        empty_text=_("在“年度报告”页编制发布稿，由局长发布。"),
    )


def _listed(release: Release, href: str, *, in_full: bool) -> Row:
    state, check = standing(release), check_pill(release)
    return Row(
        [
            Cell(release.number, "code"),
            Cell(release.title),
            Cell(moment(release.released_at), "date"),
            Cell(state.text, "pill", tone=state.tone),
            Cell(check.text, "pill", tone=check.tone) if in_full else Cell(),
        ],
        href=href,
    )


def check_pill(release: Release) -> Pill:
    """What the last comparison found."""
    made = getattr(release, "check_made", None)
    if made is None:
        return Pill(_("还没有比对"))
    if made.faults:
        return Pill(_("内容被改动"), "late")
    if made.changed:
        return Pill(_("%(count)s 个不符") % {"count": made.changed}, "late")
    if made.uncomputed:
        return Pill(_("%(count)s 个无法重算") % {"count": made.uncomputed}, "due")
    return Pill(_("全部相同"), "done")


def comparison_of(release: Release) -> Comparison | None:
    """The comparison kept last."""
    made = getattr(release, "check_made", None)
    return Comparison.unpacked(bytes(made.findings)) if made else None


def facts(release: Release) -> FactsPanel:
    """Number, root, persons, signature: what a release is known by."""
    body = selectors.body_of(release)
    found = [
        Fact(_("发布编号"), release.number),
        Fact(_("校验码"), paper.grouped(release.short_root), title=release.root),
        Fact(_("编制"), _at(body["prepared"])),
        Fact(_("发布"), _at(body["released"])),
        Fact(_("读取记录截至留痕"), _("第 %(seq)s 号") % {"seq": body["as_of"]["event"]}),
        Fact(_("签名密钥"), f"{release.signature_algorithm} {release.key_id}"),
        Fact(_("公文文件 SHA-256"), checking.sha256(bytes(release.docx)), is_wide=True),
        Fact(_("内容摘要根 SHA-256"), release.root, is_wide=True),
    ]
    address = reverse("release-check", args=(release.number, release.short_root))
    found.append(Fact(_("公开核对页"), paper.check_address(release.number, release.short_root), address, is_wide=True))
    return FactsPanel(_("发布"), facts=[*found, *_around(release, body)])


def _at(act: Mapping[str, str]) -> str:
    return f"{act['by']}，{moment(datetime.fromisoformat(act['at']))}"


def _around(release: Release, body: Mapping[str, Any]) -> Iterator[Fact]:
    former, successor = body["supersedes"], getattr(release, "successor", None)
    if former:
        yield Fact(_("替代"), former["number"], reverse("release", args=(former["number"],)))
        yield Fact(_("更换原因"), former["reason"], is_wide=True)
    if successor:
        yield Fact(_("已被替代"), successor.number, reverse("release", args=(successor.number,)))
    if hasattr(release, "withdrawal"):
        gone = release.withdrawal
        yield Fact(_("撤回"), _at({"by": gone.withdrawn_by, "at": gone.withdrawn_at.isoformat()}))
        yield Fact(_("撤回原因"), gone.reason, is_wide=True)


def figures(
    content: Mapping[str, Any], *, findings: Mapping[str, Finding] | None = None, number: str = ""
) -> TablePanel:
    """Every figure that was frozen, with its state now where it was compared."""
    columns = [
        HeadCell("label", _("数字")),
        HeadCell("value", _("发布时"), numeric=True),
        *([HeadCell("now", _("现在"), numeric=True), HeadCell("state", _("比对"))] if findings is not None else []),
        HeadCell("period", _("统计期")),
        HeadCell("version", _("口径")),
        HeadCell("rows", _("明细行数"), numeric=True),
    ]
    rows = [_figure_row(one, findings, number) for one in content["figures"] if is_counted(one)]
    note = _("共 %(count)s 个") % {"count": len(rows)}
    return TablePanel(_("冻结的数字"), note=note, columns=columns, rows=rows)


def _figure_row(figure: Mapping[str, Any], findings: Mapping[str, Finding] | None, number: str) -> Row:
    middle = []
    if findings is not None:
        found = findings.get(figure["code"])
        text, tone = STATES[found.state] if found else ("", "quiet")
        middle = [Cell(found.now if found else "", "number"), Cell(text, "pill", tone=tone)]
    return Row(
        [
            Cell(figure["label"], title=figure["definition"]),
            Cell(figure["shown"], "number"),
            *middle,
            Cell(figure["period"]["label"]),
            Cell(_("第 %(version)s 版") % {"version": figure["version"]}),
            Cell(formats.grouped(figure["rows"]), "number"),
        ],
        href=reverse("release-figure", args=(number, figure["code"])) if number else "",
    )


def is_counted(figure: Mapping[str, Any]) -> bool:
    """Whether an indicator delivered the figure when it was released."""
    return "fingerprint" in figure


def without_records(content: Mapping[str, Any]) -> FactsPanel:
    """The figures of the catalogue that nothing delivered, by name: missing is said, not left out."""
    names = [one["label"] for one in content["figures"] if not is_counted(one)]
    text = _("%(names)s，共 %(count)s 个。") % {"names": "、".join(names), "count": len(names)} if names else ""
    return FactsPanel(_("发布时尚无记录的数字"), facts=[Fact(_("数字"), text, is_wide=True)])


def meaning(figure: Mapping[str, Any]) -> FactsPanel:
    """What a released figure meant, and what it was computed with."""
    found = [
        Fact(_("统计口径"), figure["definition"], is_wide=True),
        Fact(_("来源"), figure["source"], is_wide=True),
        Fact(_("发布时的值"), figure["shown"]),
        Fact(_("公文中的写法"), "；".join(figure["printed"])),
        Fact(_("口径版本"), _("第 %(version)s 版") % {"version": figure["version"]}, title=figure["fingerprint"]),
        Fact(_("统计期"), figure["period"]["label"]),
        Fact(_("明细行数"), formats.grouped(figure["rows"])),
        Fact(_("明细摘要"), figure["rows_root"][:16], title=figure["rows_root"]),
    ]
    if figure["denominator"] is not None:
        found.append(
            Fact(_("分子、分母"), f"{formats.grouped(figure['numerator'])} / {formats.grouped(figure['denominator'])}")
        )
    if figure["units_expected"] is not None:
        done = {"some": figure["units_reporting"], "all": figure["units_expected"]}
        found.append(Fact(_("完整程度"), _("%(some)s / %(all)s 个单位有记录") % done))
    for name, value in figure["parameters"].items():
        label = str(comparing.PARAMETERS.get(name, name.removeprefix("own.")))
        text = value[:16] if name == "slices" else value.replace("/", _("至")) if name == "period" else value
        found.append(Fact(_("参数：%(name)s") % {"name": label}, text))
    return FactsPanel(_("发布时的口径与参数"), facts=found)


def findings_table(release: Release, made: Comparison) -> TableView:
    """Figure by figure: then, now, and why they differ; what differs first."""
    rank: list[State] = ["changed", "uncomputed", "rows", "parameters", "same"]
    silent = [one for one in made.findings if one.state == "same" and not one.now]
    found = sorted((one for one in made.findings if one not in silent), key=lambda one: rank.index(one.state))
    return TableView(
        columns=[
            HeadCell("label", _("数字")),
            HeadCell("was", _("发布时"), numeric=True),
            HeadCell("now", _("现在"), numeric=True),
            HeadCell("state", _("比对")),
            HeadCell("added", _("新增行"), numeric=True),
            HeadCell("gone", _("不再计入"), numeric=True),
            HeadCell("changed", _("内容变了"), numeric=True),
            HeadCell("why", _("说明")),
        ],
        rows=[_finding_row(release, one) for one in found],
        total=len(found),
        label=_("比对结果"),
        notes=[_("另有 %(count)s 个数字发布时和现在都尚无记录，没有列出。") % {"count": len(silent)}] if silent else [],
        export_href=reverse("release-compare-export", args=(release.number,)),
        export_note=_("导出比对清单"),
    )


def _finding_row(release: Release, one: Finding) -> Row:
    text, tone = STATES[one.state]
    return Row(
        [
            Cell(one.label),
            Cell(one.was, "number"),
            Cell(one.now, "number"),
            Cell(text, "pill", tone=tone),
            *(Cell(_count(one, kind), "number") for kind in ("added", "gone", "changed")),
            Cell("".join(one.reasons)),
        ],
        href=reverse("release-figure", args=(release.number, one.code)) if one.now else "",
    )


def _count(one: Finding, kind: str) -> str:
    number = len(getattr(one.counted, kind)) + len(getattr(one.divided, kind))
    return formats.grouped(number) if number else ""


def changed(title: str, found: Differences) -> TablePanel:
    """The rows by which a figure differs, with what happened to them since the release."""
    closed = _("；另有 %(count)s 行不在您的查看范围内，只计数") % {"count": found.hidden} if found.hidden else ""
    cut = found.total - found.hidden - len(found.rows)
    more = _("；此处列出前 %(count)s 行，全部见导出") % {"count": len(found.rows)} if cut else ""
    return TablePanel(
        title,
        note=_("%(count)s 行") % {"count": found.total} + closed + more,
        columns=[HeadCell("kind", _("变化")), HeadCell("row", _("记录")), HeadCell("events", _("发布以后的操作"))],
        rows=[_changed_row(one) for one in found.rows],
        empty=_("变化的行都不在您的查看范围内。") if found.total else _("没有变化的行。"),
    )


def _changed_row(one: ChangedRow) -> Row:
    tones: dict[str, Tone] = {"added": "now", "gone": "late", "changed": "due"}
    return Row(
        [
            Cell(one.kind_label, "pill", tone=tones[one.kind]),
            Cell(one.title, href=one.href),
            Cell("；".join(event_words(one.events[:3])) or _("留痕里没有直接对应的操作")),
        ]
    )


def event_words(events: Sequence[Entry]) -> Iterator[str]:
    """“11月3日 更正学生信息（张三，第 12 次导入）”."""
    for entry in events:
        on = formats.china_date(formats.in_china(entry.at).date(), year="always")
        door = _("，导入 %(job)s 号") % {"job": entry.via.removeprefix(VIA)} if entry.via.startswith(VIA) else ""
        yield f"{on} {entry.action_label}（{entry.actor}{door}）"


def draft_facts(draft: Draft) -> FactsPanel:
    """Who prepared the draft, and when."""
    found = [Fact(_("编制"), f"{draft.prepared_by}，{moment(draft.prepared_at)}")]
    if draft.reason:
        found.append(Fact(_("更换原因"), draft.reason, is_wide=True))
    return FactsPanel(_("发布稿"), facts=found)
