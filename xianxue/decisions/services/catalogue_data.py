"""The county's model lists of matters as the release brings them, and a school's own list made from one."""

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.choices import EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry
from xianxue.decisions.rules.book import RuleBook
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.organisations.models import School, Unit

FILE = Path(__file__).parent.parent / "data" / "catalogue.toml"
DEFAULT_MODEL = "211"
COPIED = (
    "code", "name", "category", "chain", "preparations", "majority", "is_important", "is_staff_interest", "threshold_fen",
    "payment_kinds", "filing_days", "publication_days", "basis", "departs_because",
)  # fmt: skip


@cache
def _given() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def model_of(school_type: str) -> str:
    """The model list for a type of school; that of primary schools for a type that no list names."""
    return next((model for model, types in models_given().items() if school_type in types), DEFAULT_MODEL)


@command("decisions.load_catalogues", label=gettext_lazy("载入事项清单范本"))
def load_model_catalogues(county: Unit, book: RuleBook, *, by: Actor) -> int:
    """Write the county's model lists where it has none; returns how many were written. Limits are those of the book."""
    given, made = _given(), 0
    for model in given["models"]:
        facts = {"unit": county, "school_type": model, "number": given["version"]}
        if CatalogueEdition.objects.filter(**facts).exists():
            continue
        day = given["adopted_on"]
        edition = CatalogueEdition.objects.create(
            **facts, state=EditionState.FILED, adopted_on=day, filed_on=day, valid_from=day
        )
        CatalogueEntry.objects.bulk_create(suggested(edition, book.threshold_of(model)))
        record(Subject("decisions.catalogueedition", edition.pk, f"{model} {edition.number}"), unit_id=county.pk)
        made += 1
    return made


def models_given() -> dict[str, list[str]]:
    """The kinds of model lists: their code → the types of schools (办学类型代码) for which they are meant."""
    given: dict[str, list[str]] = _given()["models"]
    return given


def suggested(edition: CatalogueEdition, limit: int | None) -> list[CatalogueEntry]:
    """The entries that the release suggests, for an edition, unsaved; `limit` in 分 where an entry has one."""
    made = []
    for order, row in enumerate(_given()["entry"], start=1):
        facts = dict(row)
        has_limit = facts.pop("threshold", False)
        made.append(
            CatalogueEntry(
                edition=edition,
                order=order,
                threshold_fen=limit if has_limit else None,
                basis=_given()["source"],
                **facts,
            )
        )
    return made


def copied(edition: CatalogueEdition, entries: Iterable[CatalogueEntry]) -> list[CatalogueEntry]:
    """Copies of entries for another edition, unsaved, in the order given."""
    return [
        CatalogueEntry(edition=edition, **{name: getattr(entry, name) for name in COPIED}, order=order)
        for order, entry in enumerate(entries, start=1)
    ]


@command("decisions.copy_catalogue", label=gettext_lazy("按范本起草事项清单"))
def copy_for_school(school: School, number: str, *, by: Actor) -> CatalogueEdition:
    """A school's own list, made from the county's model in force for its type; a draft. Raises Refused without a model."""
    found = CatalogueEdition.objects.filter(
        school_type=model_of(school.school_type), state=EditionState.FILED, valid_to=None
    )
    model = found.order_by("-valid_from").first()
    refuse_if(None if model else _("未能起草事项清单：县局还没有这类学校的清单范本。请联系县局。"))
    made: CatalogueEdition = CatalogueEdition.objects.create(unit=school.unit, number=number)
    CatalogueEntry.objects.bulk_create(copied(made, CatalogueEntry.objects.filter(edition=model).order_by("order")))
    record(
        Subject("decisions.catalogueedition", made.pk, number),
        unit_id=school.pk,
        facts={"model": model.pk if model else 0},
    )
    return made


@command("decisions.enter_filed_catalogue", label=gettext_lazy("补录已备案的事项清单"))
def enter_filed(edition: CatalogueEdition, on: date, *, by: Actor) -> None:
    """Put an edition in force as filed on a day: for lists that were filed before this system."""
    edition.state, edition.adopted_on, edition.sent_on = EditionState.FILED, on, on
    edition.filed_on = edition.valid_from = on
    edition.save()
    record(
        Subject("decisions.catalogueedition", edition.pk, edition.number),
        {"filed_on": [None, on.isoformat()]},
        unit_id=edition.unit_id,
    )
