"""Which proposals the ledgers name by their numbers."""

from collections.abc import Collection

from xianxue.decisions.models import Proposal


def proposals_by_number(units: Collection[int], numbers: Collection[str]) -> dict[tuple[int, str], int]:
    """(school, number) → key of the school's own proposal; those unknown, or out of reach, are left out."""
    rows = Proposal.objects.filter(unit_id__among=units, number__among=numbers)
    return {(unit, number): pk for unit, number, pk in rows.values_list("unit_id", "number", "pk")}
