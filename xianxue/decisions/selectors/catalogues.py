"""Which lists of matters are in force, and which may be changed by the person now acting."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet

from xianxue.decisions.access import BUREAU, LEADS, RECORDS
from xianxue.decisions.choices import EditionState
from xianxue.decisions.models import CatalogueEdition, CatalogueEntry
from xianxue.kernel.access import current_reach
from xianxue.kernel.columns import Referent

DRAFTS = (EditionState.DRAFT, EditionState.RETURNED)
WRITES_LISTS = RECORDS | LEADS
EDITS = WRITES_LISTS | BUREAU
"""Who changes entries of drafts: a school its own, the bureau the county's."""


def in_force(day: date) -> QuerySet[CatalogueEdition]:
    """Editions that are filed and hold on a day, the later first."""
    lasts = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    found = CatalogueEdition.objects.filter(lasts, state=EditionState.FILED, valid_from__lte=day)
    return found.order_by("-valid_from", "-pk")


def model_on(school_type: str, day: date) -> CatalogueEdition | None:
    """The county's model of a kind that is in force on a day."""
    return in_force(day).filter(school_type=school_type).first() if school_type else None


def own_on(unit_id: int, day: date) -> CatalogueEdition | None:
    """A school's own edition that is in force on a day."""
    return in_force(day).filter(unit_id=unit_id, school_type="").first()


def editable() -> QuerySet[CatalogueEdition]:
    """Drafts whose entries the person now acting may change. A bureau does not write a school's list."""
    reach = current_reach()
    own = Q(school_type="") & WRITES_LISTS.scope(reach).q("unit_id")
    models = ~Q(school_type="") & BUREAU.scope(reach).q("unit_id")
    return CatalogueEdition.objects.filter(own | models, state__in=DRAFTS)


def editable_entries() -> QuerySet[CatalogueEntry]:
    """Their entries."""
    return CatalogueEntry.objects.filter(edition__in=editable())


def draft_referents() -> Iterator[Referent]:
    """What a cell that names a draft can mean."""
    for edition in editable().select_related("unit"):
        names = (edition.unit.name, edition.school_type, edition.number)
        yield Referent(edition.pk, label_of(edition), (" ".join(filter(None, names)), edition.number), edition.unit_id)


def label_of(edition: CatalogueEdition) -> str:
    """Whose list, of which kind, which edition."""
    return " ".join(filter(None, (edition.unit.shown_name, edition.school_type, edition.number)))
