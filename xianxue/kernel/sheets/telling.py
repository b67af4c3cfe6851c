"""What a check tells about records that its sender does not see: kept for the audit administrator, and limited by the day.

That a number is somebody's must be said, or one child would have two records; so whoever tries numbers leaves a trace.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.sheets.models import ImportJob, NumberMatch

# Typed one by one, numbers of children at other schools come up a few times a day at most.
SINGLE_A_DAY = 20
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """One check: how many rows, and of how many it said that the records know their number under another's roof."""

    sheet: str
    by: Actor
    unit_id: int | None
    rows: int
    hits: int
    codes: str
    subject_id: int | None = None


_waiting: ContextVar[list[Told] | None] = ContextVar("xianxue_told", default=None)


@contextmanager
def noting() -> Iterator[None]:
    """Keep, at the end, what the checks inside have told, also where what they belonged to was rolled back."""
    told: list[Told] = []
    token = _waiting.set(told)
    try:
        yield
    finally:
        _waiting.reset(token)
    for item in dict.fromkeys(told):
        note(item, by=item.by)


class NotesWhatWasTold:
    """Middleware: what the checks of a request told is kept before the answer goes out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with noting():
            return self.get_response(request)


def refuse_trying(by: Actor) -> None:
    """Refuse whoever typed too many numbers of other schools' people in a day, before the next is looked up."""
    if by.user_id is None:
        return
    today = NumberMatch.objects.filter(user_id=by.user_id, is_single=True, at__gt=timezone.now() - DAY)
    if today.count() >= SINGLE_A_DAY:
        raise Refused(
            _(
                "未能核对：您在一天之内已有 %(most)s 次填写了不归您管理的人的号码，为防止试号，暂时不能再填写号码。"
                "请在满一天后再办；急需办理的，请联系县局。"
            )
            % {"most": SINGLE_A_DAY}
        )


def remember_single(sheet: str, by: Actor, unit_id: int | None, beyond: pl.DataFrame) -> None:
    """Put what the check of one row told with what the request will keep."""
    waiting = _waiting.get()
    if waiting is not None and by.user_id is not None and beyond.height:
        codes = ",".join(beyond["code"].unique().sort())
        waiting.append(Told(sheet, by, unit_id, 1, 1, codes, beyond["subject_id"][0]))


def note_import(job: ImportJob, by: Actor, beyond: pl.DataFrame, *, rows: int) -> None:
    """Keep what the check of a file told, as one line."""
    if by.user_id is not None and beyond.height:
        codes = ",".join(beyond["code"].unique().sort())
        note(Told(job.sheet, by, job.unit_id, rows, beyond["row"].n_unique(), codes), by=by)


@command("sheets.note_match", label=gettext_lazy("核对时提示他处已有登记"))
def note(told: Told, *, by: Actor) -> None:
    """Keep one line; no number, and no name but that of who asked."""
    is_single = not by.via.startswith("import:")
    NumberMatch.objects.create(
        user_id=by.user_id or 0,
        asker=by.label[:60],
        unit_id=told.unit_id,
        sheet=told.sheet,
        door=by.via,
        rows=told.rows,
        hits=told.hits,
        codes=told.codes,
        subject_id=told.subject_id,
        is_single=is_single,
    )
    facts = {"sheet": told.sheet, "rows": told.rows, "hits": told.hits, "codes": told.codes}
    record(Subject("accounts.user", by.user_id or 0, by.label), unit_id=told.unit_id, facts=facts)
