"""Numbers of the people on a page, opened: the page masks them."""

from collections.abc import Sequence

from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier

# Of several documents of one person pages and workbooks show the first of these.
DOCUMENTS = (
    IdentifierKind.ID_CARD,
    IdentifierKind.RESIDENCE_PERMIT,
    IdentifierKind.HK_MACAO_PERMIT,
    IdentifierKind.TAIWAN_PERMIT,
    IdentifierKind.PASSPORT,
    IdentifierKind.OTHER_PAPER,
)
_RANK = {str(kind): place for place, kind in enumerate(DOCUMENTS)}


def documents_shown(people: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Person → (kind, number) of the document by which the person is known. For few people: every value is opened."""
    found: dict[int, tuple[str, str]] = {}
    numbers = Identifier.objects.filter(person_id__in=people, valid_to__isnull=True)
    for person, kind, value in numbers.exclude(kind=IdentifierKind.STUDENT_NO).values_list(
        "person_id", "kind", "value"
    ):
        if person not in found or _RANK[kind] < _RANK[found[person][0]]:
            found[person] = (kind, value)
    return found


def student_numbers_shown(people: Sequence[int]) -> dict[int, str]:
    """Person → 学籍号. For few people: every value is opened."""
    numbers = Identifier.objects.filter(person_id__in=people, kind=IdentifierKind.STUDENT_NO, valid_to__isnull=True)
    return dict(numbers.values_list("person_id", "value"))
