"""Taking unmasked data out in bulk: a purpose for every domain in the file, and above some rows an approval."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.resources.asked import Asked
from xianxue.kernel.restricted.models import ReadRecord
from xianxue.kernel.restricted.selectors import open_anywhere
from xianxue.kernel.restricted.services import note_read


@dataclass(frozen=True)
class Permit:
    """An approval in force: `mark` is written on every page and row of the file."""

    number: str
    mark: str


class Permits(Protocol):
    """Uses up one approval of exactly this list; None for none."""

    def __call__(self, asked: Asked, rows: int, *, by: Actor) -> Permit | None: ...


AskHref = Callable[[Asked, int], str]
_permits: list[Permits] = []
_ask_hrefs: list[AskHref] = []


def provide_permits(permits: Permits, ask_href: AskHref) -> None:
    """Say who keeps approvals: `permits(asked, rows, by=…)` uses one up; `ask_href` is where one is asked for."""
    _permits[:], _ask_hrefs[:] = [permits], [ask_href]


def domains_in(asked: Asked) -> list[str]:
    """Codes of the restricted domains that the file in the template's shape would hold."""
    columns = asked.register.form_columns
    found = {column.domain for column in columns if column.domain}
    if asked.register.reveal_domain and any(column.sealed for column in columns):
        found.add(asked.register.reveal_domain)
    return sorted(found)


def closed_domain(asked: Asked) -> str:
    """The first domain of the file that the person now acting has not opened; empty for none."""
    return next((code for code in domains_in(asked) if open_anywhere(code) is None), "")


def needs_permit(asked: Asked, rows: int) -> bool:
    """Whether so many rows leave the house only with an approval; what left without one within a day counts too.

    Otherwise a long list would leave in slices, each below the limit.
    """
    return bool(domains_in(asked)) and rows + _taken_lately(asked) > settings.EXPORT_APPROVAL_ROWS


def _taken_lately(asked: Asked) -> int:
    """How many rows of the register the person now acting took out unapproved in the last day."""
    mine = ReadRecord.unguarded.filter(
        user_id=current_reach().user_id,
        subject_id=None,
        what=_what(asked),
        domain__in=domains_in(asked),
        at__gt=timezone.now() - timedelta(days=1),
    )
    taken = mine.values("domain").annotate(rows=Sum("people")).values_list("rows", flat=True)
    return max(taken, default=0)


def _what(asked: Asked, mark: str = "") -> str:
    told = _("导出%(what)s原值") % {"what": asked.register.label}
    return f"{told}（{mark.split(' ', maxsplit=1)[0]}）" if mark else told


def permit(asked: Asked, rows: int, *, by: Actor) -> Permit | None:
    """The approval in force for exactly this list, used once by asking; None for none."""
    return _permits[0](asked, rows, by=by)


def ask_href(asked: Asked, rows: int) -> str:
    """Where the approval for this list is asked for."""
    return _ask_hrefs[0](asked, rows)


def note_export(asked: Asked, rows: int, unit_id: int | None, *, mark: str = "") -> None:
    """Keep, for every domain in the file, that so many persons' facts were taken out, under which approval."""
    for code in domains_in(asked):
        opening = open_anywhere(code)
        if opening is not None:
            note_read(opening, None, what=_what(asked, mark), unit_id=unit_id, people=rows)
