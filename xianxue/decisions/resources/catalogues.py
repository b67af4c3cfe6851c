"""The registers of lists of matters: the county's models, every school's own editions, and their entries."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import READS
from xianxue.decisions.choices import Category, EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, CatalogueFiling, Proposal
from xianxue.decisions.resources.findings import SCHOOL, UNIT
from xianxue.decisions.rules.lists import Departure
from xianxue.decisions.selectors.catalogues import DRAFTS, EDITS, WRITES_LISTS, editable, label_of
from xianxue.decisions.services.catalogues import found_in
from xianxue.decisions.sheets import lists
from xianxue.kernel.access import Grant, current_reach
from xianxue.kernel.columns import Column, Date, Integer, Text
from xianxue.kernel.resources import Custom, Fields, History, Register, Related, choice, register, yes_no
from xianxue.kernel.ui import details
from xianxue.kernel.ui.parts import Link, Pill, Tone
from xianxue.kernel.ui.tables import Cell, HeadCell, Row
from xianxue.ledgers.selectors import schools_in_reach

TONES: dict[str, Tone] = {
    EditionState.DRAFT: "quiet",
    EditionState.SENT: "now",
    EditionState.FILED: "done",
    EditionState.RETURNED: "late",
    EditionState.DROPPED: "quiet",
}
SHORT = tuple(
    lists.ENTRIES.by_name[name] for name in ("code", "name", "category", "chain", "preparations", "threshold")
)


def _options(given: Any) -> Any:
    return lambda: [(str(value), str(label)) for value, label in given.choices]


def _entries(row: CatalogueEdition) -> Sequence[Any]:
    return list(CatalogueEntry.objects.filter(edition=row).order_by("order", "code"))


def _standing(row: CatalogueEdition) -> details.Panel:
    """Where the edition stands with the bureau, and the way to what is to be done."""
    filing: CatalogueFiling | None = CatalogueFiling.objects.filter(edition=row).select_related("matter").first()
    facts = [
        details.Fact(_t("备案状态"), pill=Pill(row.get_state_display(), TONES[row.state])),
        details.Fact(_t("退回理由"), row.returned_reason),
    ]
    if row.state in DRAFTS and editable().filter(pk=row.pk).exists():
        facts.append(details.Fact(_t("增加"), _t("增加一个事项"), reverse("catalogue-entries-new")))
        facts.append(details.Fact(_t("用 Excel"), _t("上传改好的清单"), reverse("import-start")))
    return details.FactsPanel(
        _t("备案"),
        link=Link(_t("打开办理页面"), reverse("matter", args=(filing.matter_id,))) if filing else None,
        facts=[fact for fact in facts if fact.text or fact.pill],
    )


def _departures(row: CatalogueEdition) -> details.Panel | None:
    """Where the list asks for less than the county's model; what may not be is marked."""
    filing = CatalogueFiling.objects.filter(edition=row).select_related("edition", "unit").first()
    if filing is None or filing.is_model:
        return None
    columns = [HeadCell("entry", _t("事项")), HeadCell("what", _t("不同之处")), HeadCell("why", _t("理由"))]
    return details.TablePanel(
        _t("与范本不同之处"),
        note=_t("只列低于范本的"),
        columns=columns,
        rows=[_departure(one, why) for one, why in found_in(filing)],
        empty=_t("没有低于范本的地方。"),
    )


def _departure(one: Departure, why: str) -> Row:
    if one.is_firm:
        said = Cell(_t("须改正"), "pill", tone="late")
    else:
        said = Cell(why) if why else Cell(_t("没有写理由"), "pill", tone="due")
    return Row([Cell(f"{one.code} {one.name}"), Cell(one.text), said])


@register
class EditionRegister(Register):
    """Editions of the lists, with their standing at the bureau."""

    code, model, label, counter = "catalogue-editions", CatalogueEdition, _("事项清单"), _("版")
    system, menu_order, in_settings = "decisions", 14, True
    columns = (
        Column("number", _("版次"), Text(20)),
        UNIT,
        Column("school_type", _("适用学校类型"), Text(12)),
        Column("state_name", _("备案状态"), Text(10)),
        Column("entry_count", _("事项数"), Integer()),
        Column("adopted_on", _("审议通过日期"), Date()),
        Column("sent_on", _("报送日期"), Date()),
        Column("filed_on", _("备案日期"), Date()),
        Column("valid_from", _("生效日期"), Date()),
        Column("valid_to", _("失效日期"), Date()),
        Column("returned_reason", _("退回理由"), Text(200)),
    )
    list_columns = ("number", "unit", "state_name", "entry_count", "adopted_on", "filed_on", "valid_from", "valid_to")
    search, search_label = ("number", "unit__name"), _("版次、学校")
    filters: ClassVar[Any] = (
        choice("state", _("备案状态"), "state", _options(EditionState)),
        SCHOOL,
        yes_no("in_force", _("现行"), "valid_to__isnull"),
        "filed_on",
    )
    annotations = ("state_name", "entry_count")
    sort_paths: ClassVar[Any] = {"state_name": ("state",)}
    order = ("-valid_from", "-pk")
    view, unit_paths, creates = READS, ("unit_id",), False
    panels = (
        Fields(),
        Custom(build=_departures),
        Related(title=_("事项"), rows=_entries, columns=SHORT, register="catalogue-entries", empty=_("还没有事项。")),
        History(),
        Custom(build=_standing, aside=True),
    )

    def list_notes(self, on: date | None = None) -> Sequence[str]:
        return (
            (_t("起草新的清单，请从“流程目录”的“事项清单报送”开始。"),) if WRITES_LISTS.scope(current_reach()) else ()
        )

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("unit")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for the state, and how many entries."""
        counts = dict(
            CatalogueEntry.objects.filter(edition__among=[row.pk for row in rows])
            .order_by()
            .values_list("edition_id")
            .annotate(count=Count("pk"))
        )
        for row in rows:
            row.state_name, row.entry_count = row.get_state_display(), counts.get(row.pk, 0)

    def title(self, row: CatalogueEdition) -> str:
        return f"{row.unit.shown_name} {row.number}"

    def note(self, row: CatalogueEdition) -> str:
        return str(row.get_state_display())

    def hint(self, row: CatalogueEdition) -> str:
        return row.unit.shown_name


def _proposals(row: CatalogueEntry) -> Sequence[Any]:
    return list(Proposal.objects.filter(entry=row).order_by("-proposed_on", "-pk"))


def _edition(row: CatalogueEntry) -> details.Panel:
    """The list to which the entry belongs."""
    edition = row.edition
    return details.FactsPanel(
        _t("事项清单"),
        link=Link(_t("打开清单"), reverse("catalogue-editions-detail", args=(edition.pk,))),
        facts=[
            details.Fact(_t("清单"), label_of(edition)),
            details.Fact(_t("备案状态"), pill=Pill(edition.get_state_display(), TONES[edition.state])),
        ],
    )


@register
class EntryRegister(Register):
    """Entries of the lists: which meetings, what beforehand, from which amount on."""

    code, model, label, counter = "catalogue-entries", CatalogueEntry, _("清单事项"), _("项")
    system, menu_order, in_settings = "decisions", 15, True
    columns = (
        *lists.ENTRY[1:],
        Column("unit", _("学校"), Text(60), path="edition__unit__name"),
        Column("edition", _("版次"), Text(20), path="edition__number"),
    )
    list_columns = ("code", "name", "category", "unit", "edition", "chain", "threshold")
    search, search_label = ("code", "name"), _("事项编码、事项")
    filters: ClassVar[Any] = (
        choice("category", _("类别"), "category", _options(Category)),
        choice("unit", _("学校"), "edition__unit_id", schools_in_reach),
        yes_no("in_force", _("现行"), "edition__valid_to__isnull"),
        "is_important",
        "is_staff_interest",
    )
    order = ("edition__unit_id", "-edition_id", "order", "code")
    view, unit_paths, in_menu, in_search = READS, ("edition__unit_id",), False, False
    change, sheet = EDITS, lists.ENTRIES.code
    panels = (
        Fields(),
        Related(
            title=_("议题"), rows=_proposals, register="proposals", empty=_("还没有这个事项的议题。"),
            columns=(Column("number", _("议题编号"), Text(20)), Column("title", _("议题"), Text(80)),
                     Column("proposed_on", _("提出日期"), Date()), Column("decided_on", _("决定日期"), Date())),
        ),
        History(),
        Custom(build=_edition, aside=True),
    )  # fmt: skip

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("edition__unit")

    def allows(self, grant: Grant, row: Any) -> bool:
        """What has been sent or filed is not changed any more, by nobody."""
        if grant is self.change and not editable().filter(pk=row.edition_id).exists():
            return False
        return super().allows(grant, row)

    def title(self, row: CatalogueEntry) -> str:
        return f"{row.code} {row.name}"

    def note(self, row: CatalogueEntry) -> str:
        return f"{row.edition.unit.shown_name} · {row.edition.number}"
