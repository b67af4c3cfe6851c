"""Papers of a register's rows: attached by whoever may change the row, read by whoever sees it."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.files import guard
from xianxue.kernel.files.services import attach
from xianxue.kernel.history.records import Subject
from xianxue.kernel.resources.register import Register


def guard_papers(register: Register) -> None:
    """Say who reads the papers of a register's rows: whoever sees the row. Once, when apps are ready."""
    if register.papers:
        guard(register.subject, lambda pk: register.visible().filter(pk=pk).exists())


@command("resources.attach", label=gettext_lazy("上传材料"))
def attach_papers(register: Register, row: Any, *, kind: str, uploads: Sequence[Any], by: Actor) -> None:
    """Attach the uploads to the row; each leaves an event with its hashes. Refuses as `files.attach` does, and then all.

    The caller has asked the register whether the person may change the row.
    """
    subject = Subject(register.subject, row.pk, register.title(row))
    for upload in uploads:
        attach(upload, subject=subject, kind=kind, unit_id=register.unit_of(row), by=by)
