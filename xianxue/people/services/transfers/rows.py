"""A child's facts through the checks of the pupils' sheet: the same as on the form and in a workbook."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.crypto import digest
from xianxue.kernel.sheets.single import check_one, save_one
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import GuardianLink, Identifier
from xianxue.people.rules import DOCUMENT_SPACE, STUDENT_SPACE

SHEET = "pupils"


def cells_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Cell texts of the sheet among what a form gave."""
    names = sheets.get(SHEET).names
    return {name: str(given[name] or "") for name in names if name in given}


def hints(cells: Mapping[str, str], *, by: Actor) -> list[str]:
    """What is known already and must be looked at first: warnings of the sheet, an earlier file, a sibling's guardian.

    Raises Refused with the first error of the row.
    """
    row = check_one(sheets.get(SHEET), cells, by=by, keyless=True)
    for name, sentences in row.errors.items():
        raise Refused(sentences[0], field=name)
    return [*(text for sentences in row.warnings.values() for text in sentences), *found_before(cells)]


def found_before(cells: Mapping[str, str]) -> list[str]:
    """Sentences about persons whom the county knows by the numbers of the row; no other fact about them."""
    known = []
    with whole_county("入学登记：先查原有档案"):
        if person_of(cells) is not None:
            known.append(_("县内已有该生的档案（以前在读过），登记后接续原档案，不另建。"))
        for order in (1, 2):
            number = _canonical(cells, f"guardian{order}_id_number")
            guardian = _owner(DOCUMENT_SPACE, number) if number else None
            if guardian and GuardianLink.objects.filter(guardian_id=guardian).exists():
                name = cells.get(f"guardian{order}_name", "")
                known.append(_("监护人%(name)s已登记为其他学生的监护人，登记后仍是同一人。") % {"name": name})
    return known


def person_of(cells: Mapping[str, str]) -> int | None:
    """The person who has the numbers of the row, whoever asks; None for a new one."""
    found = (
        _owner(space, number)
        for space, name in ((STUDENT_SPACE, "student_no"), (DOCUMENT_SPACE, "id_number"))
        if (number := _canonical(cells, name))
    )
    with whole_county("入学登记：先查原有档案"):
        return next((person for person in found if person), None)


def _canonical(cells: Mapping[str, str], name: str) -> str | None:
    text = cells.get(name)
    return sheets.get(SHEET).by_name[name].canonical(text) if text else None


def _owner(space: str, number: str) -> int | None:
    rows = Identifier.objects.filter(digest=digest(space, number), valid_to__isnull=True)
    students = {"kind": IdentifierKind.STUDENT_NO}
    rows = rows.filter(**students) if space == STUDENT_SPACE else rows.exclude(**students)
    return rows.values_list("person_id", flat=True).first()


def refuse_unread(found: list[str], *, confirmed: bool) -> None:
    """Refuse until whoever enters the child has read what is known already."""
    if found and not confirmed:
        text = _("未能登记：请先核对以下情况，属实的勾选“已核对”再提交。%(found)s") % {"found": "".join(found)}
        raise Refused(text, field="confirmed")


def kept(cells: Mapping[str, str]) -> str:
    """Cell texts as one text, to be sealed until they are written."""
    return json.dumps(dict(cells), ensure_ascii=False, sort_keys=True)


def write(cells: Mapping[str, str], *, by: Actor) -> int:
    """Write the row through the sheet's writer; returns the person's key."""
    return save_one(sheets.get(SHEET), cells, by=by, keyless=True)


def write_kept(text: str, *, by: Actor) -> int:
    """Write a row kept before."""
    return write(json.loads(text), by=by)
