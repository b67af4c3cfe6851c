"""The detail page of a row as data: its panels, with values masked and history told in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel import dossier, procedures, restricted, sheets
from xianxue.kernel.access import current_reach
from xianxue.kernel.columns import Column
from xianxue.kernel.files.presenting import files_panel
from xianxue.kernel.files.selectors import attachments_of
from xianxue.kernel.history.selectors import Entry, events_of_all
from xianxue.kernel.procedures.models import SUBJECT_TYPE
from xianxue.kernel.procedures.selectors import matters_about
from xianxue.kernel.resources import cells, panels, reading
from xianxue.kernel.resources.register import Register, get
from xianxue.kernel.sheets.senders import jobs_in_reach
from xianxue.kernel.ui import details, formats
from xianxue.kernel.ui.parts import Action, Link, Notice
from xianxue.kernel.ui.tables import HeadCell, Row

DOORS = {
    "page": gettext_lazy("页面"),
    "cli": gettext_lazy("命令行"),
    "demo": gettext_lazy("演示"),
    "task": gettext_lazy("后台任务"),
    "api": gettext_lazy("接口"),
}
DOTS = "••••"


def page(register: Register, row: Any) -> details.DetailPage:
    """What `ui/detail.html` draws."""
    declared = [panel for panel in register.panels if panel.grant.scope(current_reach())]
    return details.DetailPage(
        title=register.title(row),
        sub=register.note(row),
        trail=(Link(str(register.label), register.url()), Link(register.title(row))),
        actions=list(_actions(register, row)),
        panels=[made for panel in declared if not panel.aside for made in _made(register, row, panel)],
        aside=[made for panel in declared if panel.aside for made in _made(register, row, panel)],
    )


def _actions(register: Register, row: Any) -> Iterable[Action]:
    for action in register.actions:
        if action.on_row and register.allows(action.grant, row):
            yield Action(str(action.label), reverse(action.url_name, args=(row.pk,)))
    yield from _starts(register, row)
    if register.papers and register.allows(register.change, row):
        yield Action(_("上传材料"), register.url("attach", row.pk))
    if register.sheet and register.allows(register.change, row):
        yield Action(_("更改"), register.url("edit", row.pk), kind="primary", icon="pencil")


def _starts(register: Register, row: Any) -> Iterable[Action]:
    """The procedures that the person now acting can start about this row."""
    for procedure in procedures.all_procedures():
        code, name = procedure.starts_from
        if code != register.code:
            continue
        for step in procedure.opening():
            if register.allows(step.by, row):
                start = reverse("matter-start", args=(procedure.code, step.code))
                yield Action(str(procedure.label), f"{start}?{name}={row.pk}")


def _made(register: Register, row: Any, panel: panels.Panel) -> Iterable[details.Panel]:
    make = MAKERS.get(type(panel))
    if make is None:
        message = f"{type(panel).__name__} is no panel that a detail page can draw."
        raise TypeError(message)
    return make(register, row, panel)


def _custom(_register: Register, row: Any, panel: panels.Custom) -> Iterable[details.Panel]:
    made = panel.build(row)
    return (made,) if made else ()


def _facts(_register: Register, row: Any, panel: panels.Facts) -> Iterable[details.Panel]:
    return (details.FactsPanel(str(panel.title), facts=tuple(panel.facts(row))),)


def _fields(register: Register, row: Any, panel: panels.Fields) -> Iterable[details.Panel]:
    may_reveal = register.allows(register.reveal, row)
    chosen = [register.by_name[name] for name in panel.names] or register.columns
    opened = reading.read_on(register, row, chosen)
    closed = next((column.domain for column in chosen if column.domain and column.name not in opened), "")
    yield details.FactsPanel(
        str(panel.title),
        link=reading.way_in(register, row, closed) if closed else None,
        facts=[_fact(register, row, column, may_reveal=may_reveal, is_open=column.name in opened) for column in chosen],
    )


def _fact(register: Register, row: Any, column: Column, *, may_reveal: bool, is_open: bool) -> details.Fact:
    if column.domain and not is_open:
        # Whether there is a value at all is told to nobody either.
        return details.Fact(label=str(column.label), text=DOTS, is_masked=True)
    text = cells.plain(row, column) if is_open else cells.told(row, column)
    if text and cells.kind_of(column) == "money" and "元" not in str(column.label):
        text = _("%(amount)s 元") % {"amount": text}
    can = column.sealed and may_reveal and bool(text)
    return details.Fact(
        label=str(column.label),
        text=text,
        is_masked=column.sealed,
        reveal_href=register.url("reveal", row.pk, column.name) if can else "",
    )


def _related(_register: Register, row: Any, panel: panels.Related) -> Iterable[details.Panel]:
    found = panel.rows(row)
    rows = list(found[: panel.limit + 1] if isinstance(found, QuerySet) else found)
    if panel.register:
        get(panel.register).dress(rows)
    note = _("只列前 %(limit)s 条") % {"limit": panel.limit} if len(rows) > panel.limit else ""
    yield details.TablePanel(
        str(panel.title),
        note=note,
        columns=[
            HeadCell(column.name, str(column.label), numeric=cells.is_numeric(column)) for column in panel.columns
        ],
        rows=[_related_row(related, panel) for related in rows[: panel.limit]],
        empty=str(panel.empty),
    )


def _related_row(related: Any, panel: panels.Related) -> Row:
    if panel.link:
        href = panel.link(related)
    else:
        href = get(panel.register).url("detail", related.pk) if panel.register else ""
    return Row([cells.cell(related, column) for column in panel.columns], href=href, pk=str(related.pk))


def _papers(register: Register, row: Any, _panel: panels.Papers) -> Iterable[details.Panel]:
    yield files_panel(attachments_of(register.subject, row.pk), register.papers)


def _matters(_register: Register, row: Any, panel: panels.Matters) -> Iterable[details.Panel]:
    """Nothing where there are none: most rows have no matter, ever."""
    matters = list(matters_about(panel.model, panel.field, panel.key(row))[: panel.limit + 1])
    facts = [
        details.Fact(
            str(matter.declaration.label), str(matter.current.label), reverse("matter", args=(matter.pk,)),
            source=formats.china_date(matter.opened_on, year="always"),
        )
        for matter in matters[: panel.limit]
    ]  # fmt: skip
    note = _("只列最近 %(limit)s 件") % {"limit": panel.limit} if len(matters) > panel.limit else ""
    return (details.FactsPanel(str(panel.title), note, facts=facts),) if facts else ()


def _dossier(_register: Register, row: Any, panel: panels.Dossier) -> Iterable[details.Panel]:
    for section, entries in dossier.of(panel.person(row)):
        yield details.FactsPanel(
            str(section.label),
            note=_("来源：%(source)s") % {"source": section.source},
            facts=[
                details.Fact(entry.label, entry.text, entry.href, source=formats.china_date(entry.on, year="always"))
                for entry in entries
            ],
        )


def _history(register: Register, row: Any, panel: panels.History) -> Iterable[details.Panel]:
    shown = events_of_all(register.subjects(row), limit=panel.limit)
    opens = _imports_to_open(shown)
    yield details.TimelinePanel(str(panel.title), moments=[_moment(register, entry, opens) for entry in shown])


def _imports_to_open(entries: Iterable[Entry]) -> set[str]:
    """Numbers of the imports named that the reader may open; others were sent for more than the reader reaches."""
    named = {number for kind, _colon, number in (entry.via.partition(":") for entry in entries) if kind == "import"}
    return {str(pk) for pk in jobs_in_reach(named).values_list("pk", flat=True)} if named else set()


def _moment(register: Register, entry: Entry, opens: set[str]) -> details.Moment:
    href, via = _door(entry.via, opens)
    columns = columns_of(register, entry)
    title = entry.action_label
    extra = "；".join(filter(None, [str(entry.facts.get("column", "")), note_of(entry)]))
    return details.Moment(
        at=entry.at,
        title=f"{title}：{extra}" if extra else title,
        who=entry.actor,
        via=via,
        via_href=href,
        changes=_state_change(entry) or [change_of(columns, name, pair) for name, pair in entry.changes.items()],
        seal=f"#{entry.seq}",
    )


def _state_change(entry: Entry) -> list[details.Change]:
    """From which state to which a matter went, as its procedure calls them; nothing for other events."""
    if entry.subject_type != SUBJECT_TYPE or set(entry.changes) != {"state"}:
        return []
    try:
        declared = procedures.get(str(entry.facts.get("procedure", "")))
        old, new = (str(declared.state(code).label) if code else "" for code in entry.changes["state"])
    except KeyError:
        # Another release called it something else.
        return []
    return [details.Change(_("办理状态"), old, new)]


def note_of(entry: Entry) -> str:
    """The reason of an event. Why somebody broke the glass is for those who judge it, not for all who see the row."""
    if entry.action.startswith("restricted."):
        reach = current_reach()
        if not any(entry.unit_id in domain.oversee.scope(reach) for domain in restricted.domains()):
            return ""
    return entry.note


def _door(via: str, opens: set[str]) -> tuple[str, str]:
    kind, _colon, number = via.partition(":")
    if kind != "import":
        return "", str(DOORS.get(kind, via))
    href = reverse("import-job", args=(number,)) if number in opens else ""
    return href, _("导入 %(number)s") % {"number": number}


def columns_of(register: Register, entry: Entry) -> Mapping[str, Column]:
    """Columns by the names that the event uses: the register's, or those of the sheets that write such subjects."""
    if entry.subject_type == register.subject:
        return register.history_columns
    writers = (sheet for sheet in sheets.all() if sheet.writer.subject_type == entry.subject_type)
    return {column.name: column for sheet in writers for column in sheet.columns}


def change_of(columns: Mapping[str, Column], name: str, pair: list[str | None]) -> details.Change:
    """One value before and after, as people read it; dots for what is sealed."""
    column = columns.get(name)
    if column is None:
        # Nobody says what it is, so nobody says that it may be shown.
        return details.Change(name, *(DOTS if value else "" for value in pair))
    return details.Change(str(column.label), *(_told(column, value) for value in pair))


def _told(column: Column, text: str | None) -> str:
    if not text:
        return ""
    return DOTS if column.is_hidden else column.display(text)


def with_notice(made: details.DetailPage, notice: Notice) -> details.DetailPage:
    """The same page with a message at its head."""
    return replace(made, notice=notice)


MAKERS: Mapping[type[panels.Panel], Callable[[Register, Any, Any], Iterable[details.Panel]]] = {
    panels.Fields: _fields,
    panels.Related: _related,
    panels.Papers: _papers,
    panels.Matters: _matters,
    panels.Facts: _facts,
    panels.Dossier: _dossier,
    panels.History: _history,
    panels.Custom: _custom,
}
