"""A school's list of matters, and proposals put forward under it as its recorder puts them forward."""

from datetime import date
from typing import Any

from tests.cast import Cast
from xianxue.decisions.choices import Category, EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry, Proposal
from xianxue.decisions.services.catalogue_data import suggested
from xianxue.decisions.services.proposals import propose
from xianxue.kernel.access import Actor, in_reach
from xianxue.organisations.models import School

FILED = date(2024, 1, 5)


def make_edition(school: School, number: str = "2024", **facts: Any) -> CatalogueEdition:
    """The school's list, filed with the bureau unless told otherwise; the one that is there, where it is."""
    given = {
        "state": EditionState.FILED, "adopted_on": FILED, "sent_on": FILED, "filed_on": FILED, "valid_from": FILED, **facts,
    }  # fmt: skip
    made: CatalogueEdition
    made, _is_new = CatalogueEdition.unguarded.get_or_create(unit=school.unit, number=number, defaults=given)
    return made


def make_entry(school: School, **facts: Any) -> CatalogueEntry:
    """A matter of the list that the party organisation alone decides, and that asks for nothing beforehand."""
    edition = facts.pop("edition", None) or make_edition(school)
    code = facts.pop("code", f"E{CatalogueEntry.unguarded.count() + 1:02d}")
    given = {"name": "设施设备采购", "category": Category.PROJECT, "chain": ["party"], **facts}
    made: CatalogueEntry = CatalogueEntry.unguarded.create(edition=edition, code=code, **given)
    return made


def make_proposal(cast: Cast, school: School | None = None, **facts: Any) -> Proposal:
    """One put forward by the school's recorder today."""
    school = school or cast.first_primary
    part = "recorder" if school.pk == cast.first_primary.pk else "other_recorder"
    user = cast.users[part]
    given = {"title": "购置图书室书架", "amount_fen": 12_600_00, "supplier": "试验家具厂", **facts}
    if "entry" not in given:
        given["entry"] = make_entry(school)
    with in_reach(cast.reach(part)):
        made: Proposal = propose(by=Actor(user.pk, user.name, via="page"), unit=school.unit, **given)
    return made


def make_model(cast: Cast, school_type: str = "211", **facts: Any) -> CatalogueEdition:
    """The county's model list in force for a kind of school, with the entries that the release suggests."""
    given = {"state": EditionState.FILED, "adopted_on": FILED, "filed_on": FILED, "valid_from": FILED, **facts}
    made: CatalogueEdition
    made, is_new = CatalogueEdition.unguarded.get_or_create(
        unit=cast.county, school_type=school_type, number="2024", defaults=given
    )
    if is_new:
        CatalogueEntry.unguarded.bulk_create(suggested(made, 5_000_00))
    return made
