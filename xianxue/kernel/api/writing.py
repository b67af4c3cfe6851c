"""Writing through the API: the register's sheet and its writer, as the form does; nothing twice, nothing unseen."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.api import answers, rows
from xianxue.kernel.api.answers import Declined, ProblemItem
from xianxue.kernel.api.door import Caller
from xianxue.kernel.api.models import KeptAnswer, Token
from xianxue.kernel.commands import Refused
from xianxue.kernel.commands.lock import lock_the_log
from xianxue.kernel.resources import Register, reading
from xianxue.kernel.resources.row_form import RowForm
from xianxue.kernel.sheets.single import OneRow, Unsaved, present, save_one

KEPT_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """What a write answers; kept with it."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self, *, is_replay: bool = False) -> HttpResponse:
        """The answer as an HTTP response."""
        headers = {**self.headers, **({"Idempotent-Replayed": "true"} if is_replay else {})}
        return JsonResponse(self.body, status=self.status, headers=headers, json_dumps_params=answers.PLAIN)


def digest_of(request: HttpRequest) -> str:
    """What tells one request from another under the same key: method, address, body."""
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return hashlib.sha256(head + request.body).hexdigest()


def once(request: HttpRequest, caller: Caller, key: str, write: Callable[[], Answer]) -> HttpResponse:
    """Write once under the key, keeping the answer in the transaction of the write itself.

    The log is locked before the key is looked up, so of two requests at the same moment the second finds the answer
    of the first. What is refused leaves nothing, neither rows nor the key.
    """
    digest = digest_of(request)
    with transaction.atomic():
        lock_the_log()
        # The door looked before the lock was had: a token revoked in the meantime writes no more.
        if not Token.objects.filter(pk=caller.token.pk, revoked_at=None).exists():
            raise answers.no_token()
        KeptAnswer.objects.filter(token=caller.token, expires_at__lte=timezone.now()).delete()
        kept = KeptAnswer.objects.filter(token=caller.token, key=key).first()
        if kept is not None:
            return _replayed(kept, digest)
        answer = write()
        KeptAnswer.objects.create(
            token=caller.token,
            key=key,
            request_digest=digest,
            status=answer.status,
            body=json.dumps(answer.body, ensure_ascii=False),
            headers=dict(answer.headers),
            expires_at=timezone.now() + KEPT_FOR,
        )
    return answer.response()


def _replayed(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.request_digest != digest:
        message = _("未能办理：这个 Idempotency-Key 已用于另一个请求。请换一个新的。")
        raise Declined(422, "key_reused", message)
    return Answer(kept.status, json.loads(kept.body), kept.headers).response(is_replay=True)


def create(register: Register, cells: Mapping[str, str | None], caller: Caller, *, confirm: bool, note: str) -> Answer:
    """A new row from the cells of the register's sheet. Raises Declined with everything that is wrong."""
    sheet = sheets.get(register.sheet)
    texts = {name: cells.get(name) or "" for name in sheet.names}
    record = _saved(sheet, texts, caller, None, confirm=confirm, note=note)
    return _answer(register, register.row_of(record), 201)


def change(
    register: Register,
    row: Any,
    cells: Mapping[str, str | None],
    caller: Caller,
    *,
    seen: str,
    confirm: bool,
    note: str,
) -> Answer:
    """Change the cells named. `seen` is the version that the sender has read, or `*` for whichever it is now."""
    sheet, record = sheets.get(register.sheet), register.record_of(row)
    now = rows.versions_of_records(sheet, [record]).get(record)
    if seen not in {"*", now}:
        message = _("未能保存：您读取之后，别人改过这条记录。请核对现在的内容后再改。")
        raise Declined(412, "overtaken", message, current=rows.as_json(register, [row])[0])
    _refuse_unseen(register, row, cells)
    # What the form would send back unchanged, so that cells are checked against each other as on the form.
    shown = RowForm(sheet, now=present(sheet, record))
    texts = {
        column.name: str(shown.fields[column.name].initial or "") for column in sheet.columns if not column.is_hidden
    }
    hidden = {column.name for column in sheet.columns if column.is_hidden}
    # As on the form: what is not shown is kept where nothing is given.
    texts |= {name: text or "" for name, text in cells.items() if text or name not in hidden}
    _saved(sheet, texts, caller, record, confirm=confirm, note=note)
    return _answer(register, row.pk, 200)


def _refuse_unseen(register: Register, row: Any, cells: Mapping[str, str | None]) -> None:
    """Restricted cells are written by who may read them now: what a guess changes would tell what was there."""
    for column in sheets.get(register.sheet).columns:
        if column.domain and column.name in cells and reading.opening_for(register, row, column.domain) is None:
            message = _("未能保存：“%(column)s”是受限内容。请先在网页上说明查阅目的，再发送。") % {
                "column": column.label
            }
            item = ProblemItem(code="restricted", column=column.name, message=message, severity="error")
            raise Declined(422, "restricted", message, [item])


def _saved(
    sheet: sheets.Sheet, texts: Mapping[str, str], caller: Caller, record: int | None, *, confirm: bool, note: str
) -> int:
    try:
        return save_one(sheet, texts, by=caller.actor, pk=record, note=note, confirmed=confirm)
    except Unsaved as unsaved:
        raise _declined(unsaved.row) from unsaved
    except Refused as refused:
        problem = ProblemItem(code="refused", column=refused.field, message=refused.message, severity="error")
        raise Declined(422, "refused", refused.message, [problem]) from refused


def _declined(found: OneRow) -> Declined:
    problems = [
        ProblemItem(
            code=item.code,
            column=item.column,
            message=item.message,
            severity="warning" if item.is_warning else "error",
        )
        for item in found.problems
    ]
    if found.errors:
        return Declined(
            422, "problems", _("未能保存：有 %(count)s 处问题。请改正后再发送。") % {"count": len(problems)}, problems
        )
    message = _("尚未保存：有需要核对的提醒。确认无误后，请加上 confirm=true 再发送。")
    return Declined(422, "unconfirmed", message, problems)


def _answer(register: Register, pk: int, status: int) -> Answer:
    found = register.fetched(register.visible().filter(pk=pk))
    if not found:
        # Written, and by that moved out of the writer's sight.
        return Answer(status, {"id": pk, "row": None})
    shown = rows.as_json(register, found)[0]
    return Answer(status, {"id": pk, "row": shown}, {"ETag": f'"{shown["version"]}"'})
