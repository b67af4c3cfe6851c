"""Papers of a matter: kept with the step that brings them, and asked for by the steps that need them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.files.services import attach
from xianxue.kernel.history.records import Subject
from xianxue.kernel.procedures.declaration import Step
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Matter

Paper = tuple[str, Any]
"""A kind of paper, by its code, and the uploaded file."""


def kinds_kept(matter: Matter) -> set[str]:
    """Codes of the kinds of papers that the matter has. One query."""
    found = Attachment.objects.filter(subject_type=SUBJECT_TYPE, subject_id=matter.pk)
    return set(found.values_list("kind", flat=True)) if matter.pk else set()


def refuse_missing(step: Step, matter: Matter, papers: Iterable[Paper]) -> None:
    """Refuse a step whose papers have not been given, now or before; and papers that the step does not take."""
    given = {kind for kind, _upload in papers}
    if strange := given - set(step.takes):
        message = f"{step.procedure.code}.{step.code} takes no papers of the kind {sorted(strange)}."
        raise ValueError(message)
    missing = [kind for kind in step.papers if kind not in given]
    if missing and (missing := [kind for kind in missing if kind not in kinds_kept(matter)]):
        names = "、".join(str(step.procedure.papers[kind]) for kind in missing)
        raise Refused(
            _("“%(step)s”没有办成：缺少材料“%(papers)s”。请上传后再提交。") % {"step": step.label, "papers": names},
            field=f"paper_{missing[0]}",
        )


def keep_papers(matter: Matter, papers: Sequence[Paper], *, unit_id: int | None, by: Actor) -> None:
    """Attach the papers to the matter, inside the running command: each leaves an event with its hashes."""
    subject = Subject(SUBJECT_TYPE, matter.pk, matter.title)
    for kind, upload in papers:
        attach(upload, subject=subject, kind=kind, unit_id=unit_id, by=by)
