"""Commands of registers: reading what is masked leaves a record, on the row and in the log."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.resources import cells, reading
from xianxue.kernel.resources.register import Register
from xianxue.kernel.restricted.services import note_read


@command("resources.reveal", label=_("查看原值"))
def reveal(register: Register, row: Any, *, column: str, by: Actor) -> str:
    """The unmasked value of one sealed column of a row. Records who read it; the value itself is not recorded."""
    subject_type, pk = register.subjects(row)[0]
    record(
        Subject(subject_type, pk, register.title(row)),
        unit_id=register.unit_of(row),
        facts={"column": str(register.by_name[column].label), "register": register.code},
    )
    if register.reveal_domain:
        opening = reading.opening_for(register, row, register.reveal_domain)
        if opening is None:
            raise Refused(_("未能查看原值：没有说明查阅目的，或已经过时。请重新说明。"))
        what = str(register.by_name[column].label)
        note_read(opening, reading.subject_of(register, row), what=what, unit_id=register.unit_of(row))
    return cells.plain(row, register.by_name[column])


@command("resources.export_plain", label=_("导出原值"))
def record_export(register: Register, *, rows: int, by: Actor, mark: str = "") -> None:
    """Note that the person took a file with unmasked values out of the house, and of how many rows."""
    record(
        Subject("accounts.user", by.user_id or 0, by.label),
        facts={"register": str(register.label), "rows": rows, **({"mark": mark} if mark else {})},
    )
