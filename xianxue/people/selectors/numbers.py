"""Numbers of the people on a page, opened: the page masks them."""

from collections.abc import Sequence

from xianxue.kernel.access import whole_county
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


def numbers_shown(people: Sequence[int]) -> tuple[dict[int, tuple[str, str]], dict[int, str]]:
    """Person → (kind, number) of the document by which the person is known; person → 学籍号. One query.

    For the few people of a page: every value is opened. The caller shows these people from rows in reach, so they are
    not sought in it once more.
    """
    documents: dict[int, tuple[str, str]] = {}
    students: dict[int, str] = {}
    with whole_county("页面所示人员已在范围内"):
        numbers = Identifier.objects.filter(person_id__in=people, valid_to__isnull=True)
        for person, kind, value in numbers.values_list("person_id", "kind", "value"):
            if kind == IdentifierKind.STUDENT_NO:
                students[person] = value
            elif person not in documents or _RANK[kind] < _RANK[documents[person][0]]:
                documents[person] = (kind, value)
    return documents, students
