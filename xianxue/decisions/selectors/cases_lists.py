"""Lists of matters as the checks read them: an entry with its edition, and the edition that a school goes by."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from xianxue.decisions.choices import EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry
from xianxue.decisions.rules.facts import Edition, Entry

ENTRY = (
    "code", "name", "category", "chain", "preparations", "majority", "is_important", "is_staff_interest",
    "threshold_fen", "payment_kinds", "filing_days", "publication_days",
)  # fmt: skip
EDITION = ("number", "adopted_on", "filed_on", "valid_from", "valid_to")
Listed = dict[int, tuple[Entry, Edition]]


def look_up(keys: Collection[int], listed: Listed) -> None:
    """Put the entries of these keys into `listed`; many proposals share a few. One query, none for no keys."""
    if not keys:
        return
    columns = (*ENTRY, *(f"edition__{name}" for name in EDITION))
    for pk, *facts in CatalogueEntry.objects.filter(pk__among=keys).values_list("pk", *columns):
        listed[pk] = (_entry(facts[: len(ENTRY)]), Edition(*facts[len(ENTRY) :]))


def _entry(facts: Iterable[Any]) -> Entry:
    code, name, category, chain, preparations, majority, important, staff, threshold, kinds, filing, publication = facts
    return Entry(
        code, name, category, tuple(chain), frozenset(preparations), majority, important, staff, threshold, frozenset(kinds),
        filing, publication,
    )  # fmt: skip


class EditionsInUse:
    """Which edition each school goes by on a day, and its entries. Three queries for any number of schools.

    The school's own, filed before sent, the later before the earlier. A school without one has no edition, and the
    entries of the county's model for its type, so that its payments are looked at all the same.
    """

    def __init__(self, units: Collection[int], today: date) -> None:
        """Read what these schools need."""
        states = (EditionState.FILED, EditionState.SENT)
        begun = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
        lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
        rows = CatalogueEdition.objects.filter(begun, lasts, state__in=states)
        self._own: dict[int, tuple[int, Edition]] = {}
        self._models: dict[str, int] = {}
        ordered = rows.filter(Q(unit_id__among=units) | ~Q(school_type="")).order_by("state", "-valid_from", "-pk")
        for pk, unit, school_type, *facts in ordered.values_list("pk", "unit_id", "school_type", *EDITION):
            if school_type:
                self._models.setdefault(school_type, pk)
            else:
                self._own.setdefault(unit, (pk, Edition(*facts)))
        self._entries = entries_of({pk for pk, _edition in self._own.values()} | set(self._models.values()))

    def of(self, unit: int, school_type: str) -> tuple[Edition | None, tuple[Entry, ...]]:
        """The edition of a school, None where it has none of its own, and the entries that hold for it."""
        if unit in self._own:
            pk, edition = self._own[unit]
            return edition, self._entries.get(pk, ())
        return None, self._entries.get(self._models.get(school_type, 0), ())


def entries_of(editions: Collection[int]) -> Mapping[int, tuple[Entry, ...]]:
    """The entries of each edition in their order. One query."""
    found: dict[int, list[Entry]] = defaultdict(list)
    rows = CatalogueEntry.objects.filter(edition_id__among=editions).order_by("edition_id", "order", "pk")
    for edition, *facts in rows.values_list("edition_id", *ENTRY):
        found[edition].append(_entry(facts))
    return {edition: tuple(each) for edition, each in found.items()}
