"""Code lists as tables in memory: value → label for pages, spelling → value for workbooks."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.db.models import Count, Max, Sum

from xianxue.kernel.columns import Referent
from xianxue.kernel.history.models import Event
from xianxue.organisations.choices import GRADE_NAMES
from xianxue.organisations.models import Code, CodeList
from xianxue.organisations.rules import cohort_of_grade, grade_code, grade_spellings
from xianxue.organisations.selectors.terms import reference_day

# How long a process may use its tables before it asks whether another process changed a code.
TRUSTED_SECONDS = 2.0
# A list that is computed: the grades of all stages, with the cohorts that sit in them on the reference day.
GRADES = "grade"
SUBJECTS = ("organisations.code", "organisations.codelist")


@dataclass(frozen=True)
class CodeTable:
    """One code list: `labels` maps value → label in the list's order, `spellings` what a workbook may say → value.

    Spellings are the values, the labels and the synonyms, exactly; anything else is for a person to decide.
    `withdrawn` maps values that are no longer given to the day from which.
    """

    code: str
    labels: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Mapping[str, date] = field(default_factory=dict)

    def label(self, value: str) -> str:
        """Label of a value; the value itself where the list does not know it."""
        return self.labels.get(value, value)


@dataclass
class _Cache:
    tables: dict[str, CodeTable] = field(default_factory=dict)
    mark: tuple[object, ...] = ()
    checked_at: float = float("-inf")


_cache = _Cache()


def forget_codes() -> None:
    """Read the code lists anew on next use: for whoever has just changed one."""
    _cache.tables = {}
    _cache.checked_at = float("-inf")


def code_table(code: str) -> CodeTable:
    """The code list of that code; empty where there is none.

    Kept in memory; a change by this or another process shows within two seconds.
    """
    if code == GRADES:
        return _grades(reference_day())
    now = time.monotonic()
    if now - _cache.checked_at > TRUSTED_SECONDS:
        mark = _mark()
        if mark != _cache.mark or not _cache.tables:
            _cache.tables, _cache.mark = _read(), mark
        _cache.checked_at = now
    return _cache.tables.get(code) or CodeTable(code)


def _mark() -> tuple[object, ...]:
    """What changes whenever a code does: commands leave an event, loading a release changes rows."""
    counted = Code.objects.aggregate(rows=Count("pk"), last=Max("pk"), orders=Sum("order"))
    # Counted, not the last one asked for: the index by subject answers the count, and the whole log the last one.
    return (*counted.values(), Event.objects.filter(subject_type__in=SUBJECTS).count())


def _read() -> dict[str, CodeTable]:
    labels: dict[str, dict[str, str]] = {}
    spellings: dict[str, dict[str, str]] = {}
    withdrawn: dict[str, dict[str, date]] = {}
    codes = Code.objects.order_by("code_list__code", "order", "value")
    for name, value, label, synonyms, valid_to in codes.values_list(
        "code_list__code", "value", "label", "synonyms", "valid_to"
    ):
        labels.setdefault(name, {})[value] = label
        table = spellings.setdefault(name, {})
        for spelling in (value, label, *filter(None, synonyms.split("|"))):
            table.setdefault(spelling, value)
        if valid_to:
            withdrawn.setdefault(name, {})[value] = valid_to
    return {name: CodeTable(name, labels[name], spellings[name], withdrawn.get(name, {})) for name in labels}


@lru_cache(maxsize=8)
def _grades(day: date) -> CodeTable:
    """Grades as codes (`junior1` 七年级), by every spelling and by the cohort's name (初中2024级)."""
    labels, spellings = {}, {}
    for stage, names in GRADE_NAMES.items():
        for grade, name in enumerate(names, 1):
            value = grade_code(stage, grade)
            labels[value] = name
            spellings[f"{stage.label}{cohort_of_grade(grade, day)}级"] = value
    spellings |= {text: grade_code(stage, grade) for text, (stage, grade) in grade_spellings().items()}
    return CodeTable(GRADES, labels, spellings)


def list_referents() -> list[Referent]:
    """What a cell that names a code list can mean: its name or its code."""
    return [Referent(item.pk, item.label, (item.code,)) for item in CodeList.objects.order_by("code")]
