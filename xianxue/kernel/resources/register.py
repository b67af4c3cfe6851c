"""The declaration of a register: one class from which list, search, detail, form, Excel and permissions are made."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import sheets
from xianxue.kernel.access import EVERY_UNIT, Grant, Reach, UnitScope, current_reach, nobody
from xianxue.kernel.columns import Column
from xianxue.kernel.resources import paths, search
from xianxue.kernel.resources.filters import Filter, filter_of_column
from xianxue.kernel.resources.grid import Grid
from xianxue.kernel.resources.panels import Fields, History, Panel
from xianxue.kernel.ui.addresses import address
from xianxue.kernel.ui.systems import action_of

# Where an object keeps what `Register.allows` answered.
ALLOWED = "_allowed_by_scope"


@dataclass(frozen=True)
class Action:
    """A button beside a register's own, leading to a page of the app.

    `url_name` is reversed without arguments on the list, with the row's primary key on a detail page (`on_row`).
    """

    label: Any
    url_name: str
    grant: Grant
    on_row: bool = False


class Register:
    """A register, declared by a subclass in an app's `resources.py` and made known with `@register`.

    Required: `code` (in addresses), `label`, `model`, `columns`, `view`. Everything else has a default.
    A row is seen when it is in reach *and* inside the scope of `view`; changed when inside the scope of `change`.
    """

    code: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    counter: ClassVar[Any] = _("条")
    """The measure word after a number of rows: 人, 所, 个."""
    model: ClassVar[type[Model]]
    system: ClassVar[str] = ""
    """Key of the system (`ui.systems`) in which it is a tab."""
    in_settings: ClassVar[bool] = False
    """Whether the tab stands under 设置, apart from those of daily work."""
    menu_order: ClassVar[int] = 100
    columns: ClassVar[tuple[Column, ...]] = ()
    list_columns: ClassVar[tuple[str, ...]] = ()
    """Columns shown before the user chooses; all, when empty."""
    search: ClassVar[tuple[str, ...]] = ()
    """ORM paths searched from their beginning, then anywhere inside; see `match`."""
    search_label: ClassVar[Any] = _("查找")
    """What stands in the empty search field, such as 姓名、拼音首字母、学籍号."""
    filters: ClassVar[tuple[str | Filter, ...]] = ()
    """Names of columns (the filter follows from the column's type), or filters of one's own."""
    order: ClassVar[tuple[str, ...]] = ("pk",)
    """ORM paths (with `-` for descending) in which rows are listed before the user sorts."""
    sort_paths: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """ORM paths for sorting by a column that is no field itself: {"grade": ("-cohort_year",)}."""
    annotations: ClassVar[tuple[str, ...]] = ()
    """Names that `shown` annotates or `dress` sets on the rows, so that columns may stand for them."""
    view: ClassVar[Grant] = nobody
    change: ClassVar[Grant] = nobody
    reveal: ClassVar[Grant] = nobody
    reveal_domain: ClassVar[str] = ""
    """The restricted domain that must be open before a sealed value is revealed."""
    unit_paths: ClassVar[tuple[str, ...] | None] = None
    """ORM paths to a row's units; the model's `reach_fields` when None; () for rows that belong to no unit."""
    sheet: ClassVar[str] = ""
    """Code of the sheet: its columns make the form, its checks and writer serve form and Excel alike."""
    panels: ClassVar[tuple[Panel, ...]] = (Fields(), History())
    actions: ClassVar[tuple[Action, ...]] = ()
    subject_type: ClassVar[str] = ""
    """Subject of the events about a row (`people.person`); the model's label in lower case when empty."""
    papers: ClassVar[Mapping[str, Any]] = {}
    """Kinds of papers that can be attached to a row: code → label. The page of a row then shows them (`Papers`)."""
    dated: ClassVar[bool] = False
    """Whether the register can be read as of a day; `rows` then receives it."""
    grid: ClassVar[Grid | None] = None
    """How its rows are filled in for a whole unit at once, such as a class."""
    creates: ClassVar[bool] = True
    """Whether single rows can be added on a form; some come by import or from another act alone."""
    new_label: ClassVar[Any] = _("新增")
    in_menu: ClassVar[bool] = True
    in_search: ClassVar[bool] = True
    """Whether the search over all registers looks here."""

    def __str__(self) -> str:
        return self.code

    @property
    def action(self) -> str:
        """The action that its system serves, or the group of the menu."""
        return action_of(self.system)

    # Hooks: replace one of these to differ.

    def rows(self, on: date | None = None) -> "QuerySet[Any]":
        """Rows in reach, to be filtered, sorted and counted; keep it free of joins that only display needs."""
        return self.model._default_manager.all()

    def by_default(self, chosen: Collection[str], on: date | None) -> Q:
        """A list's condition beside those chosen (names of filters), such as "still here"; pages of rows ignore it."""
        return Q()

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """The few rows about to be shown: the place for annotations and `prefetch_related`.

        `select_related` for the paths of the columns has been applied already.
        """
        return rows

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Set computed values on rows about to be shown, under the names in `annotations`, for all rows at once."""

    def match(self, rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
        """The rows that a search finds; text is never empty. Replace it to search sealed numbers by their digest."""
        return search.by_beginning_else_inside(rows, self.search, text)

    def title(self, row: Any) -> str:
        """Name of a row, as the head of its page and in the results of a search."""
        return str(row)

    def hint(self, row: Any) -> str:
        """What tells two rows of the same title apart in the results of a search, such as the school."""
        return ""

    def subjects(self, row: Any) -> Sequence[tuple[str, int]]:
        """(type, primary key) of the subjects whose events the history panel shows."""
        return ((self.subject, row.pk),)

    def record_of(self, row: Any) -> int:
        """Key under which the sheet's writer knows the row; differs from the row's own where it writes two tables."""
        return int(row.pk)

    def row_of(self, record: int) -> int:
        """Primary key of the row that a record of the sheet's writer stands for: the other way round."""
        return record

    def note(self, row: Any) -> str:
        """One line under the title of a detail page."""
        return ""

    def list_notes(self, on: date | None = None) -> Sequence[str]:
        """Sentences above the list, such as what it rightly leaves out."""
        return ()

    # What follows from the declaration.

    @cached_property
    def subject(self) -> str:
        """Subject type of the register's own rows."""
        return self.subject_type or self.model._meta.label_lower

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def history_columns(self) -> dict[str, Column]:
        """Columns by the names under which the history keeps their changes.

        The sheet's come first: the history holds its canonical text, where a register may show a name instead.
        """
        return {**self.by_name, **{column.name: column for column in self.form_columns}}

    @cached_property
    def form_columns(self) -> tuple[Column, ...]:
        """Columns of the sheet, which are the fields of the form; none without a sheet."""
        return sheets.get(self.sheet).columns if self.sheet else ()

    @cached_property
    def listed(self) -> tuple[Column, ...]:
        """Columns of the list before the user chooses."""
        return tuple(self.by_name[name] for name in self.list_columns) or self.columns

    @cached_property
    def all_filters(self) -> dict[str, Filter]:
        """Filters by name, those that follow from columns included."""
        found = [filter_of_column(self.by_name[item]) if isinstance(item, str) else item for item in self.filters]
        return {item.name: item for item in found}

    @property
    def reach_fields(self) -> tuple[str, ...]:
        """The unit fields by which the model guards itself; none when it is open to everybody signed in."""
        return tuple(getattr(self.model, "reach_fields", ()))

    @cached_property
    def units_of(self) -> tuple[str, ...]:
        """ORM paths to a row's units."""
        if self.unit_paths is not None:
            return self.unit_paths
        return self.reach_fields

    def sorting(self, name: str) -> tuple[str, ...]:
        """ORM paths by which a column sorts; empty when it does not."""
        if name in self.sort_paths:
            return self.sort_paths[name]
        column = self.by_name[name]
        return (column.orm_path,) if not column.is_hidden and paths.is_field(self.model, column.orm_path) else ()

    def scope(self, grant: Grant, reach: Reach | None = None) -> UnitScope:
        """Units over which the grant opens this register to the reach now in force (or the one given)."""
        return grant.scope(reach or current_reach())

    def may_view(self) -> bool:
        """Whether the register exists at all for the person now acting."""
        return bool(self.scope(self.view))

    def may_add(self) -> bool:
        """Whether the person now acting may add rows, in some unit at least."""
        return bool(self.sheet) and bool(self.scope(self.change))

    @cached_property
    def export_grant(self) -> Grant:
        """Who may take rows out in the shape of their template: with sealed columns, who may read those in full."""
        return self.reveal if any(column.sealed for column in self.form_columns) else self.view

    def may_export_sheet(self) -> bool:
        """Whether the person now acting may do so, for some rows at least."""
        return bool(self.sheet) and bool(self.scope(self.export_grant))

    def within(self, rows: "QuerySet[Any]", grant: Grant) -> "QuerySet[Any]":
        """The rows that the grant opens; both the rows and the grant answer to the reach now in force."""
        reach, scope = current_reach(), self.scope(grant)
        if not scope:
            return rows.none()
        if not self.units_of or scope == EVERY_UNIT or (scope == reach.units and self.reach_fields):
            return rows
        if self.unit_paths is None and self.reach_fields:
            return rows.filter(self.model.read_in(scope))  # type: ignore[attr-defined]  # a model with reach fields is a ReachModel
        return rows.filter(scope.q(*self.units_of))

    def visible(self, on: date | None = None) -> "QuerySet[Any]":
        """The rows that the person now acting may see."""
        return self.within(self.rows(on), self.view)

    def fetched(
        self, rows: "QuerySet[Any]", columns: Sequence[Column] | None = None, on: date | None = None
    ) -> list[Any]:
        """The rows with everything that showing the columns (default: all) needs. A fixed number of queries."""
        joins = paths.joins(self.model, self.columns if columns is None else columns)
        found = list(self.shown(rows.select_related(*joins) if joins else rows))
        self.dress(found, on)
        return found

    def allows(self, grant: Grant, row: Any) -> bool:
        """Whether the grant opens this row, as it was first asked of this object in the reach now in force.

        Runs at most one query for all grants of the same scope: a page asks for a dozen.
        """
        reach, scope = current_reach(), self.scope(grant)
        asked_in, answers = row.__dict__.get(ALLOWED, (None, {}))
        known: dict[tuple[UnitScope, bool], bool] = answers if asked_in is reach else {}
        if asked_in is not reach:
            row.__dict__[ALLOWED] = (reach, known)
        key = scope, getattr(self.model, "reads_beyond_units", False) and grant is self.change
        if key not in known:
            rows = self.within(self.model._default_manager.filter(pk=row.pk), grant)
            # What came with a child's file is read, not changed: it is the other school's.
            known[key] = (rows.filter(scope.q(*self.units_of)) if key[1] else rows).exists()
        return known[key]

    def seen(self, row: Any) -> None:
        """Note on the row that it was read just now, in the reach in force, among the visible ones.

        `allows` then asks the database only for grants of another scope than `view`.
        """
        row.__dict__[ALLOWED] = (current_reach(), {(self.scope(self.view), False): True})

    def unit_of(self, row: Any) -> int | None:
        """Primary key of the unit that a row belongs to first, for the history; None for rows without one."""
        return paths.value(row, self.units_of[0]) if self.units_of else None

    def url(self, page: str = "list", *args: Any) -> str:
        """Address of a page: `list`, `new`, `detail` pk, `edit` pk, `export`, `reveal` pk column."""
        if all(type(part) is int for part in args):
            return address(f"{self.code}-{page}", *args)
        return reverse(f"{self.code}-{page}", args=args)


RegisterClass = type[Register]
_registry: dict[str, Register] = {}


def register(declared: RegisterClass) -> RegisterClass:
    """Make a register known, under its code. Raises ValueError when the code is taken or missing."""
    if not declared.code or declared.code in _registry:
        message = f"{declared.__name__}.code {declared.code!r} is missing or taken; give it a code of its own."
        raise ValueError(message)
    _registry[declared.code] = declared()
    return declared


def all_registers() -> list[Register]:
    """Every register, in the order of the menu."""
    return sorted(_registry.values(), key=lambda item: (item.menu_order, item.code))


def get(code: str) -> Register:
    """The register of that code. Raises KeyError."""
    return _registry[code]


def find(condition: Callable[[Register], bool]) -> Register | None:
    """The first register that meets the condition."""
    return next((item for item in all_registers() if condition(item)), None)
