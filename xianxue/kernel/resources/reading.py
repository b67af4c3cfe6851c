"""Restricted facts on the pages of a register: shown only while their domain is open, and every time noted."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xianxue.kernel import restricted
from xianxue.kernel.access import Grant, current_reach
from xianxue.kernel.columns import Column
from xianxue.kernel.history.records import Subject
from xianxue.kernel.resources import paths
from xianxue.kernel.resources.asked import Asked
from xianxue.kernel.resources.register import Register
from xianxue.kernel.restricted.models import Opening
from xianxue.kernel.restricted.selectors import inside, may_break_glass, open_anywhere, open_now
from xianxue.kernel.restricted.services import note_read
from xianxue.kernel.ui.parts import Link


def subject_of(register: Register, row: Any) -> Subject:
    """Whose facts a row holds."""
    subject_type, pk = register.subjects(row)[0]
    return Subject(subject_type, pk, register.title(row))


def units_of(register: Register, row: Any) -> list[int | None]:
    """The units that a row belongs to: by its paths, or, for a row without any, the one that the register names."""
    return [paths.value(row, path) for path in register.units_of] or [register.unit_of(row)]


def opening_for(register: Register, row: Any, domain: str) -> Opening | None:
    """The opening under which the person now acting may read the domain on this row."""
    subject = subject_of(register, row)
    return open_now(restricted.get(domain), units=units_of(register, row), subject=(subject.type, subject.pk))


def read_on(register: Register, row: Any, columns: Iterable[Column]) -> set[str]:
    """The names of the restricted columns that may be shown now; that they are shown is noted first, once a domain."""
    by_domain: dict[str, list[Column]] = {}
    for column in columns:
        if column.domain:
            by_domain.setdefault(column.domain, []).append(column)
    shown: set[str] = set()
    for domain, found in by_domain.items():
        opening = opening_for(register, row, domain)
        if opening is not None:
            what = "、".join(str(column.label) for column in found)
            note_read(opening, subject_of(register, row), what=what, unit_id=register.unit_of(row))
            shown |= {column.name for column in found}
    return shown


def note_list(asked: Asked, people: int) -> None:
    """Note that rows were chosen by restricted facts: who is on such a list is such a fact."""
    used = [asked.register.all_filters[name] for name in asked.chosen]
    for domain in sorted({item.domain for item in used if item.domain}):
        opening = open_anywhere(domain)
        if opening is not None:
            labels = "、".join(str(item.label) for item in used if item.domain == domain)
            what = _("按%(labels)s筛选%(register)s名单") % {"labels": labels, "register": asked.register.label}
            note_read(opening, None, what=what, unit_id=unit_of_reader(restricted.get(domain).view), people=people)


def unit_of_reader(grant: Grant) -> int | None:
    """One unit over which the reader holds the grant: the overseers there are shown the record; None for everywhere."""
    scope = grant.scope(current_reach())
    return None if scope.every else min(scope.ids, default=None)


def way_in(register: Register, row: Any, domain: str) -> Link | None:
    """Where the person now acting can open the domain for this row: by purpose, or in an emergency; None for nowhere."""
    found = restricted.get(domain)
    units = units_of(register, row)
    if inside(found.scope(), units):
        return Link(_("说明目的后查阅"), open_href(domain, register.url("detail", row.pk)))
    if may_break_glass(found, units):
        return Link(_("紧急查阅"), reverse("restricted-emergency", args=(domain, register.code, row.pk)))
    return None


def open_href(domain: str, following: str) -> str:
    """Address of the page that asks for the purpose, leading on to another."""
    return f"{reverse('restricted-open', args=(domain,))}?{urlencode({'next': following})}"
