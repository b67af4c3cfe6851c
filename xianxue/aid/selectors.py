"""What is read about aid."""

from collections.abc import Iterator
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xianxue.aid.access import SEES_AID
from xianxue.aid.models import AidGrant, AidProgramme, RateCard
from xianxue.aid.rules import Rate
from xianxue.kernel.access import whole_county
from xianxue.kernel.columns import Referent
from xianxue.kernel.dossier import Entry, Section
from xianxue.kernel.ui import formats
from xianxue.organisations.models import Term
from xianxue.organisations.selectors import schools_in_reach, terms
from xianxue.people.models import Person


def grants_paid_between(start: date, end: date) -> QuerySet[AidGrant]:
    """Grants in reach that were paid from one day to another, both included."""
    return AidGrant.objects.filter(paid_on__gte=start, paid_on__lte=end)


def grants_of(person_id: int) -> list[AidGrant]:
    """A pupil's grants, newest first, with programme and term, whichever school paid: the file goes with the child.

    None for a person out of reach.
    """
    if not Person.objects.filter(pk=person_id).exists():
        return []
    with whole_county("档案随学生走"):
        rows = AidGrant.objects.filter(person_id=person_id).select_related("programme", "term__year")
        return list(rows.order_by("-paid_on", "programme__order"))


def rates() -> list[Rate]:
    """The whole rate card: a few dozen lines."""
    columns = ("programme_id", "stage", "tier", "amount_fen", "valid_from", "valid_to")
    return [Rate(*values) for values in RateCard.objects.values_list(*columns)]


def programmes() -> list[tuple[str, str]]:
    """Programmes as (primary key, name), in order, for a filter."""
    return [(str(pk), name) for pk, name in AidProgramme.objects.values_list("pk", "name")]


def terms_with_names() -> list[tuple[str, str]]:
    """Terms as (primary key, name), latest first, for a filter."""
    return [(str(term.pk), str(term)) for term in terms()]


def schools() -> list[tuple[str, str]]:
    """Schools in reach as (primary key, name), in the order of the tree, for a filter."""
    return [(str(school.pk), school.unit.name) for school in schools_in_reach()]


def programme_referents() -> list[Referent]:
    """What a cell that names a programme can mean: by code or name."""
    return [Referent(pk, name, (code,)) for pk, name, code in AidProgramme.objects.values_list("pk", "name", "code")]


def term_referents() -> list[Referent]:
    """What a cell that names a term can mean: 2024 年秋季学期, 2024-autumn, 2024秋, 2024-2025 学年第一学期."""
    return [Referent(term.pk, str(term), tuple(_spellings(term))) for term in terms()]


def _spellings(term: Term) -> Iterator[str]:
    autumn = term.season == "autumn"
    start = term.year.start_year
    year = start if autumn else start + 1
    season = "秋" if autumn else "春"
    yield term.code
    yield f"{year}{season}"
    yield f"{year}年{season}"
    yield f"{year}年{season}季"
    yield f"{start}-{start + 1}学年第{'一' if autumn else '二'}学期"
    yield f"{start}-{start + 1}学年{'上' if autumn else '下'}学期"


def _entries(person_id: int) -> Iterator[Entry]:
    """Each grant, with its page where the reader may open it: what another school paid is told, not shown there."""
    grants = grants_of(person_id)
    own = set(AidGrant.objects.filter(pk__in=[grant.pk for grant in grants]).values_list("pk", flat=True))
    for grant in grants:
        text = _("%(term)s，%(yuan)s 元") % {"term": grant.term, "yuan": formats.yuan(grant.amount_fen)}
        href = reverse("aid-grants-detail", args=(grant.pk,)) if grant.pk in own else ""
        yield Entry(str(grant.programme), str(text), grant.paid_on, href)


DOSSIER = Section(
    code="aid",
    label=_("学生资助"),
    source=_("资助发放登记"),
    view=SEES_AID,
    entries=_entries,
    order=60,
)
