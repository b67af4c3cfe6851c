"""The workbook of a list of matters: entries of drafts alone; what is filed is not written any more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Category, PreparationKind
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry
from xianxue.decisions.selectors.catalogues import EDITS, editable, editable_entries
from xianxue.decisions.selectors.rule_sets import own_majorities
from xianxue.decisions.sheets.kinds import OneOf, Several
from xianxue.kernel.columns import Column, Integer, Money, Reference, Text, YesNo, code_table
from xianxue.kernel.commands import Refused
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Context, Sheet, register
from xianxue.meetings.choices import BodyKind

MOST_DAYS = 60
LAST = 999
"""Where new entries stand: after those of the model."""


def _labels(choices: Any) -> Any:
    return lambda: {str(value): str(label) for value, label in choices.choices}


def payment_kinds() -> Mapping[str, str]:
    """Kinds of payments of the county."""
    return code_table("payment_kind").labels


KEY = (("edition", "code"),)
ENTRY = (
    Column("edition", _("事项清单"), Reference("catalogue-drafts"), required=True, synonyms=("清单", "版次"),
           help=_("起草中或者退回修改的清单；没有可选的，请先从“流程目录”起草事项清单。")),
    Column("code", _("事项编码"), Text(20), required=True, synonyms=("编码", "序号"), example="D12",
           help=_("范本里的事项沿用范本的编码。")),
    Column("name", _("事项"), Text(80), required=True, synonyms=("事项名称",), example="校园开放日方案"),
    Column("category", _("类别"), OneOf(_labels(Category)), required=True, example="重大决策"),
    Column("chain", _("会议顺序"), Several(_labels(BodyKind), is_ordered=True), required=True, synonyms=("决策会议",),
           example="校长办公会议 → 党组织会议", help=_("按先后写，用 → 或顿号隔开；最后一个会议决定。")),
    Column("preparations", _("前置程序"), Several(_labels(PreparationKind)), synonyms=("会前程序",), example="调研论证、征求意见"),
    Column("majority", _("表决规则"), OneOf(own_majorities), help=_("不填的按会议的一般规则。")),
    Column("is_important", _("重要事项"), YesNo(), required=True, example="否",
           help=_("干部任免等重要事项，到会人数的要求更高。")),
    Column("is_staff_interest", _("涉及教职工切身利益"), YesNo(), required=True, example="否"),
    Column("threshold", _("限额（元）"), Money(), path="threshold_fen", synonyms=("限额",),
           help=_("达到限额的才上会，含本数；不填的不论金额都上会。")),
    Column("payment_kinds", _("对应支出类别"), Several(payment_kinds), help=_("台账里这些类别的支出属于这个事项。")),
    Column("filing_days", _("会前报备（工作日）"), Integer(min=0, max=MOST_DAYS), help=_("不填的不用报备。")),
    Column("publication_days", _("公示（工作日）"), Integer(min=0, max=MOST_DAYS), help=_("不填的不用公示。")),
    Column("basis", _("依据"), Text(200)),
    Column("departs_because", _("与范本不同的理由"), Text(200), synonyms=("理由",),
           help=_("比范本少了前置程序的，写明理由，县局备案时核对。")),
)  # fmt: skip


def _sealed() -> str:
    return _t("未能保存：这份清单已经报送或者备案，不能修改。请等县局退回，或者起草新的版次。")


class EntryWriter(ModelWriter):
    """Entries of drafts, each matched within its draft."""

    model, columns, key = CatalogueEntry, ENTRY, KEY
    defaults: ClassVar[Mapping[str, Any]] = {"order": LAST}
    grant = EDITS

    def rows(self) -> "QuerySet[Any]":
        return editable_entries()

    def _units(self, rows: pl.DataFrame, ids: list[int | None]) -> list[int | None]:
        editions = {int(text) for text in rows["edition"].drop_nulls()}
        units = dict(CatalogueEdition.objects.filter(pk__among=editions).values_list("pk", "unit_id"))
        found = CatalogueEntry.objects.filter(pk__among=[pk for pk in ids if pk])
        known = dict(found.values_list("pk", "edition__unit_id"))
        return [
            known.get(pk) if pk else units.get(int(text)) if text else None
            for pk, text in zip(ids, rows["edition"].to_list(), strict=True)
        ]

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        self._refuse_sealed({int(text) for text in rows["edition"].drop_nulls()})
        return super().insert(rows, context)

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        self._refuse_sealed(self._editions(cells["id"].to_list()))
        super().change(cells, context)

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        self._refuse_sealed(self._editions(ids))
        return super().remove(ids, context)

    def _editions(self, ids: Iterable[int]) -> set[int]:
        found = CatalogueEntry.objects.filter(pk__among=list(ids))
        return set(found.order_by().values_list("edition_id", flat=True).distinct())

    def _refuse_sealed(self, editions: set[int]) -> None:
        """Locked by the log: a list that is being sent while a workbook is read is not written any more."""
        if editions - set(editable().values_list("pk", flat=True)):
            raise Refused(_sealed())


ENTRIES = register(
    Sheet(
        code="catalogue_entries",
        label=_("清单事项"),
        columns=ENTRY,
        key=KEY,
        writer=EntryWriter(),
        title="name",
        headings=("三重一大事项清单", "清单事项", "事项清单"),
        order=83,
    )
)
