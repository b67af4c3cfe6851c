"""Values in full: with the grant and the traces of the page, and for restricted facts with a purpose, every time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel import restricted
from xianxue.kernel.access import Actor
from xianxue.kernel.api import answers
from xianxue.kernel.columns import Column
from xianxue.kernel.resources import Register, cells, reading, services
from xianxue.kernel.restricted.selectors import Units, inside
from xianxue.kernel.restricted.services import end_opening, open_domain


def in_full(register: Register, row: Any, names: Sequence[str], *, purpose: str, by: Actor) -> dict[str, str]:
    """The values of hidden columns of a row. Raises Declined; every value read leaves the record that the page leaves.

    Restricted domains are opened with the purpose given for this one answer; what a page has opened counts for nothing.
    """
    chosen = [_hidden(register, name) for name in dict.fromkeys(names)]
    if any(column.sealed for column in chosen) and not register.allows(register.reveal, row):
        raise answers.no_grant()
    domains = {column.domain for column in chosen if column.domain}
    domains |= {register.reveal_domain for column in chosen if column.sealed and register.reveal_domain}
    found: dict[str, str] = {}
    with _opened(sorted(domains), reading.units_of(register, row), purpose, by):
        for column in chosen:
            found[column.name] = _value(register, row, column, by)
    return found


def _hidden(register: Register, name: str) -> Column:
    column = register.by_name.get(name)
    if column is None or not column.is_hidden:
        message = _("没有这一列，或这一列没有遮盖。")
        raise answers.wrong_parameters([answers.parameter("columns", message)])
    return column


@contextmanager
def _opened(domains: Sequence[str], units: Units, purpose: str, by: Actor) -> Iterator[None]:
    openings = []
    for code in domains:
        domain = restricted.get(code)
        if purpose not in domain.purposes:
            known = "、".join(f"{one}（{words}）" for one, words in domain.purposes.items())
            message = _("须说明查阅目的，可填：%(known)s。") % {"known": known}
            raise answers.wrong_parameters([answers.parameter("purpose", message)])
        if not inside(domain.scope(), units):
            raise answers.no_grant()
        openings.append(open_domain(domain, purpose=purpose, by=by))
    try:
        yield
    finally:
        for opening in openings:
            end_opening(opening, by=by)


def _value(register: Register, row: Any, column: Column, by: Actor) -> str:
    if column.domain:
        if column.name not in reading.read_on(register, row, [column]):
            raise answers.no_grant()
        return cells.plain(row, column)
    return services.reveal(register, row, column=column.name, by=by)
