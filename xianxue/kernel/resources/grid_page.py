"""The form of a whole unit as a page: its heads, and its lines drawn one by one, so that a script can renew each."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import conditional_escape as escaped
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xianxue.kernel import columns, sheets
from xianxue.kernel.columns import Column
from xianxue.kernel.resources.grid import Grid
from xianxue.kernel.resources.grid_lines import Line
from xianxue.kernel.resources.register import Register
from xianxue.kernel.sheets.several import CellTexts, SavedRow, Texts
from xianxue.kernel.ui.parts import Link, Notice

FEW_HEADS = 6
NARROWEST, WIDEST = 6, 32
"""Characters for which a cell leaves room at first; the browser shares out what is left."""
KEYBOARDS: tuple[tuple[type, str], ...] = (
    (columns.Integer, "numeric"),
    (columns.Money, "decimal"),
    (columns.Decimal, "decimal"),
    (columns.Phone, "tel"),
)


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    label: str
    is_filled: bool = False


@dataclass(frozen=True)
class UnitsPage:
    """What `resources/grid_units.html` draws, as `page`: the units to choose from, under their heads."""

    title: str
    sub: str
    trail: Sequence[Link]
    groups: Sequence[tuple[str, Sequence[Link]]]

    @property
    def is_folded(self) -> bool:
        """Whether there are so many heads that each opens by itself, as for a county's schools."""
        return len(self.groups) > FEW_HEADS


@dataclass(frozen=True)
class GridPage:
    """What `resources/grid.html` draws, as `page`."""

    title: str
    sub: str
    heads: Sequence[Head]
    lines: Sequence[SafeString]
    trail: Sequence[Link]
    cancel_href: str
    owner: int
    unit: str
    sending: str
    help: str
    notice: Notice | None = None


@dataclass(frozen=True)
class Shown:
    """A line as it comes back: what was typed and not written stays in its cells, beside it what is wrong."""

    line: Line
    answer: SavedRow | None = None
    kept: Texts = field(default_factory=dict)
    """What stands in its cells where nothing of the form was looked at."""

    @property
    def typed(self) -> Texts:
        """What is still to be written."""
        return self.kept if self.answer is None or self.answer.is_done else self.answer.typed

    @property
    def state(self) -> str:
        """`saved`, `wrong`, `asked` (warnings to confirm), `overtaken`, or nothing."""
        if self.answer is None or (self.answer.is_done and not self.answer.is_written):
            return ""
        if self.answer.overtaken:
            return "overtaken"
        return "wrong" if self.answer.errors else "asked" if self.answer.warnings else "saved"


class Drawing:
    """Draws the lines of a grid; what is the same for all of them is made once."""

    def __init__(self, register: Register, grid: Grid) -> None:
        sheet = sheets.get(register.sheet)
        self.columns = [sheet.by_name[name] for name in grid.columns]
        fixed = [register.by_name[name] for name in grid.fixed]
        self.facts = [str(column.label) for column in fixed]
        self.kinds = ["masked" if column.is_hidden else "text cell-short" for column in fixed]
        self.options = CellTexts(sheet, grid.columns).options
        self._selects: dict[tuple[str, str], str] = {}

    def heads(self) -> list[Head]:
        """The heads of the table."""
        return [*map(Head, self.facts), *(Head(str(column.label), is_filled=True) for column in self.columns)]

    def draw(self, shown: Shown) -> SafeString:
        """One line of the table."""
        line, answer = shown.line, shown.answer
        name = (
            f'<a href="{escaped(line.href)}" tabindex="-1">{escaped(line.title)}</a>'
            if line.href
            else escaped(line.title)
        )
        facts = (
            f'<td class="cell-{kind}" data-label="{escaped(label)}">{escaped(text)}</td>'
            for label, kind, text in zip(self.facts[1:], self.kinds[1:], line.facts, strict=True)
        )
        whole = "".join(f'<p class="field-error">{escaped(text)}</p>' for text in self._whole(answer))
        hidden = f'<input type="hidden" name="s.{line.line}" value="{escaped(json.dumps(dict(line.seen)))}">'
        if shown.state == "asked":
            hidden += f'<input type="hidden" name="y.{line.line}" value="1">'
        return mark_safe(  # noqa: S308 - every value was escaped where it was put in
            f'<tr data-line="{line.line}" data-name="{escaped(line.title)}" data-state="{shown.state}">'
            f'<th scope="row">{name}<span class="grid-state">{escaped(_state(shown.state))}</span>{whole}{hidden}</th>'
            f"{''.join(facts)}{''.join(self._cell(shown, column) for column in self.columns)}</tr>"
        )

    def _whole(self, answer: SavedRow | None) -> Iterable[str]:
        if answer is None:
            return ()
        known = {column.name for column in self.columns}
        said = [*answer.errors.items(), *answer.warnings.items()]
        return [text for name, texts in said if name not in known for text in texts]

    def _cell(self, shown: Shown, column: Column) -> str:
        line, name, answer = shown.line, column.name, shown.answer
        now = line.texts.get(name, "")
        text = shown.typed.get(name, "" if column.sealed else now)
        notes = [*answer.errors.get(name, ()), *answer.warnings.get(name, ())] if answer else []
        if answer and name in answer.overtaken:
            kept = column.type.display(column.canonical(now) or "", mask=column.sealed) or _("（空）")
            notes.append(_("您填写时，别人已改为“%(now)s”。再保存一次，就以您填的为准。") % {"now": kept})
        told = f"{name}-{line.line}-told"
        wrong = f' aria-invalid="true" aria-describedby="{told}"' if notes else ""
        said = f'<p class="field-error" id="{told}">{escaped("".join(notes))}</p>' if notes else ""
        control = self._control(line, column, text, now, wrong)
        return f'<td class="grid-cell" data-label="{escaped(column.label)}">{control}{said}</td>'

    def _control(self, line: Line, column: Column, text: str, now: str, more: str) -> str:
        label = escaped(f"{line.title} {column.label}")
        common = f'name="c.{line.line}.{column.name}" aria-label="{label}"{more}'
        if options := self.options[column.name]:
            return f"<select {common}>{self._options(column.name, text, options)}</select>"
        masked = column.type.display(now, mask=True) if column.sealed and now else ""
        keyboard = next((f' inputmode="{kind}"' for type_, kind in KEYBOARDS if isinstance(column.type, type_)), "")
        hint = f' placeholder="{escaped(masked)}"' if masked else ""
        size = max(NARROWEST, min(getattr(column.type, "max_length", None) or column.type.width, WIDEST))
        return f'<input type="text" size="{size}" value="{escaped(text)}" autocomplete="off" {common}{keyboard}{hint}>'

    def _options(self, name: str, chosen: str, options: Mapping[str, str]) -> str:
        if (name, chosen) not in self._selects:
            known = {"": "", **options} if chosen in options or not chosen else {"": "", chosen: chosen, **options}
            self._selects[name, chosen] = "".join(
                f'<option value="{escaped(value)}"{" selected" if value == chosen else ""}>{escaped(label)}</option>'
                for value, label in known.items()
            )
        return self._selects[name, chosen]


def _state(state: str) -> str:
    words = {
        "saved": _("已保存"),
        "wrong": _("没有保存，请改正"),
        "asked": _("请核对，无误再保存一次"),
        "overtaken": _("没有保存，别人改过"),
    }
    return words.get(state, "")


def told(answers: Iterable[SavedRow]) -> Notice:
    """What became of the rows, in one sentence."""
    every = list(answers)
    written = sum(answer.is_written for answer in every)
    left = sum(not answer.is_done for answer in every)
    facts = {"written": written, "left": left}
    if left:
        text = _("已保存 %(written)s 行。另有 %(left)s 行没有保存，已在下面标出，请核对、改正后再保存。")
        return Notice(text % facts, "late", _("有 %(left)s 行没有保存") % facts)
    return Notice(_("已保存 %(written)s 行。") % facts if written else _("没有改动，不用保存。"), "done")
