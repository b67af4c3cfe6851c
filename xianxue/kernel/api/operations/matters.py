"""Matters: what there is to do and how far it is, and doing it: the same form, the same step, the same refusals."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema
from ninja.params.functions import Body, Path, Query

from xianxue.kernel.access import current_reach
from xianxue.kernel.api import answers, writing
from xianxue.kernel.api.answers import Declined, ProblemItem
from xianxue.kernel.api.door import Caller
from xianxue.kernel.api.operations import common
from xianxue.kernel.api.operations.common import KEY, READ_FAILURES, WRITE_FAILURES
from xianxue.kernel.api.scopes import MATTERS
from xianxue.kernel.api.shapes import LARGEST_PAGE, CellText, RowKey, Strict, shaped
from xianxue.kernel.procedures import Procedure, Step, all_procedures
from xianxue.kernel.procedures.catalogue import may_read
from xianxue.kernel.procedures.filling import Filling
from xianxue.kernel.procedures.models import Matter, StepRecord
from xianxue.kernel.procedures.papers import kinds_kept
from xianxue.kernel.procedures.selectors import offers, subject_of, visible_matter, visible_matters

TAG = "办件"
PK = (RowKey, Path(...))
WORD = (CellText, Path(...))
Given = CellText | int | bool | list[CellText] | None


class FieldItem(Schema):
    """A field of a step's form."""

    name: str
    label: str
    required: bool


class StepItem(Schema):
    """A step of a procedure."""

    code: str
    label: str
    opens: bool
    papers: list[str] = Field(description="必需的材料，按代码；与办理一起发送")
    takes: list[str] = Field(description="收哪几种材料")


class ProcedureItem(Schema):
    """A procedure, with its steps."""

    code: str
    label: str
    steps: list[StepItem]


class Offer(Schema):
    """A step of a matter: its fields, or why it cannot be done now."""

    step: str
    label: str
    why_not: str
    fields: list[FieldItem]


class Done(Schema):
    """A step that was done."""

    number: int
    step: str
    to_state: str
    done_at: str
    actor: str
    place: str


class MatterItem(Schema):
    """A matter in a list."""

    id: int
    procedure: str
    title: str
    state: str
    state_label: str
    opened_on: str
    finish_due_on: str | None
    finished_on: str | None
    steps_done: int = Field(description="已办步数；办理时作为 seen 送回，别人先办了就会被拒绝")


class MatterDetail(MatterItem):
    """All about a matter."""

    facts: list[tuple[str, str]]
    offers: list[Offer]
    records: list[Done]


class MatterPage(Schema):
    """Matters, newest last."""

    rows: list[MatterItem]
    next: int | None


class AskedMatters(Strict):
    """Which matters."""

    procedure: CellText = Field(default="", max_length=60)
    open: bool = Field(default=False, description="只要没有办结的")
    after: int = Field(default=0, ge=0, le=2**63 - 1)
    limit: int = Field(default=50, ge=1, le=LARGEST_PAGE)


class PaperGiven(Strict):
    """A file that goes with a step."""

    kind: CellText = Field(max_length=30, description="材料的代码")
    name: CellText = Field(max_length=200, description="文件名，含扩展名")
    content: str = Field(max_length=7_000_000, description="文件内容，base64；一次请求连同材料不超过 5 MB")


class Act(Strict):
    """What a step's form is filled with; `seen` as read, so that nobody acts on a matter that has moved."""

    fields: dict[CellText, Given] = Field(default_factory=dict, max_length=60)
    papers: list[PaperGiven] = Field(default_factory=list, max_length=20)
    seen: int | None = Field(default=None, ge=0, le=10_000)


class ActDone(Schema):
    """The matter after the step; empty where the step took it out of sight."""

    id: int
    matter: MatterDetail | None


def add_to(router: Router) -> None:
    """Add the operations of matters."""
    matter = "/matters/{int:pk}"
    for path, method, view, responses, summary in (
        ("/procedures", "GET", _procedures(), {200: list[ProcedureItem]}, "能看到的程序"),
        ("/matters", "GET", _listing(), {200: MatterPage}, "能看到的办件"),
        (matter, "GET", _detail(), {200: MatterDetail}, "一个办件"),
        (matter + "/steps/{step}", "POST", _act(), {200: ActDone}, "办理一步"),
        ("/procedures/{code}/start/{step}", "POST", _start(), {201: ActDone}, "发起"),
    ):
        router.add_api_operation(
            path,
            [method],
            view,
            operation_id=view.__name__,
            url_name=f"api-{view.__name__.replace('_', '-')}",
            tags=[TAG],
            summary=summary,
            response=responses,
            openapi_extra=READ_FAILURES if method == "GET" else WRITE_FAILURES,
        )


def _procedures() -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        common.scoped(request, MATTERS)
        return common.plain([_procedure(item) for item in all_procedures() if may_read(item)])

    return shaped(view, "list_procedures")


def _procedure(item: type[Procedure]) -> dict[str, Any]:
    steps = [
        {
            "code": step.code,
            "label": str(step.label),
            "opens": step.opens,
            "papers": list(step.papers),
            "takes": list(step.takes),
        }
        for step in item.steps.values()
    ]
    return {"code": item.code, "label": str(item.label), "steps": steps}


def _listing() -> Any:
    def view(request: HttpRequest, *, asked: AskedMatters) -> HttpResponse:
        common.scoped(request, MATTERS)
        common.only_known(request, asked)
        found = visible_matters().filter(pk__gt=asked.after).order_by("pk")
        if asked.procedure:
            found = found.filter(procedure=asked.procedure)
        if asked.open:
            found = found.filter(finished_on=None)
        matters = list(found[: asked.limit + 1])
        shown = matters[: asked.limit]
        following = shown[-1].pk if len(matters) > asked.limit else None
        return common.plain({"rows": [_item(matter) for matter in shown], "next": following})

    return shaped(view, "find_matters", asked=(AskedMatters, Query(...)))


def _item(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.pk,
        "procedure": matter.procedure,
        "title": matter.title,
        "state": matter.state,
        "state_label": str(matter.current.label),
        "opened_on": matter.opened_on.isoformat(),
        "finish_due_on": matter.finish_due_on.isoformat() if matter.finish_due_on else None,
        "finished_on": matter.finished_on.isoformat() if matter.finished_on else None,
        "steps_done": matter.steps_done,
    }


def _detail() -> Any:
    def view(request: HttpRequest, *, pk: int) -> HttpResponse:
        caller = common.scoped(request, MATTERS)
        return common.plain(_whole(_matter(pk), caller))

    return shaped(view, "get_matter", pk=PK)


def _matter(pk: int) -> Matter:
    matter = visible_matter(pk)
    if matter is None:
        raise answers.not_found()
    return matter


def _whole(matter: Matter, caller: Caller) -> dict[str, Any]:
    subject = subject_of(matter)
    found = offers(matter, subject, caller.actor)
    return {
        **_item(matter),
        "facts": [(str(label), str(text)) for label, text in subject.facts()],
        "offers": [
            {
                "step": offer.step.code,
                "label": str(offer.step.label),
                "why_not": str(offer.why_not or ""),
                "fields": [] if offer.why_not else list(_fields(offer.step, subject, matter)),
            }
            for offer in found
        ],
        "records": [_done(item) for item in StepRecord.objects.filter(matter=matter).order_by("number")],
    }


def _fields(step: Step, subject: Any, matter: Matter) -> Iterator[dict[str, Any]]:
    filling = Filling(step, subject=subject, kept=kinds_kept(matter))
    for name, field in filling.form.fields.items():
        if not field.widget.is_hidden:
            yield {"name": name, "label": str(field.label or name), "required": bool(field.required)}


def _done(item: StepRecord) -> dict[str, Any]:
    return {
        "number": item.number,
        "step": item.step,
        "to_state": item.to_state,
        "done_at": item.done_at.isoformat(),
        "actor": item.actor,
        "place": item.place,
    }


def _act() -> Any:
    def view(request: HttpRequest, *, pk: int, step: str, act: Act, key: str) -> HttpResponse:
        caller = common.scoped(request, MATTERS)

        def write() -> writing.Answer:
            matter = _matter(pk)
            known = matter.declaration.steps.get(step)
            if known is None or known.opens:
                raise answers.not_found()
            subject = subject_of(matter)
            data = _data(act.fields)
            if act.seen is not None:
                data["seen"] = str(act.seen)
            files = _files(known, act.papers)
            filling = _valid(Filling(known, subject=subject, kept=kinds_kept(matter), data=data, files=files))
            filling.run(subject, by=caller.actor)
            after = visible_matter(pk)
            return writing.Answer(200, {"id": pk, "matter": _whole(after, caller) if after else None})

        return writing.once(request, caller, key, write)

    return shaped(view, "do_step", pk=PK, step=WORD, act=(Act, Body(...)), key=KEY)


def _start() -> Any:
    def view(request: HttpRequest, *, code: str, step: str, act: Act, key: str) -> HttpResponse:
        caller = common.scoped(request, MATTERS)

        def write() -> writing.Answer:
            procedure = next((item for item in all_procedures() if item.code == code), None)
            known = procedure.steps.get(step) if procedure and may_read(procedure) else None
            if known is None or not known.opens:
                raise answers.not_found()
            if not known.by.scope(current_reach()):
                raise answers.no_grant()
            data = _data(act.fields)
            data["once"] = hashlib.sha256(f"{caller.token.pk} {key}".encode()).hexdigest()[:40]
            filling = _valid(Filling(known, data=data, files=_files(known, act.papers)))
            subject = filling.run(by=caller.actor)
            after = visible_matter(subject.matter.pk)
            return writing.Answer(201, {"id": subject.matter.pk, "matter": _whole(after, caller) if after else None})

        return writing.once(request, caller, key, write)

    return shaped(view, "start_matter", code=WORD, step=WORD, act=(Act, Body(...)), key=KEY)


def _data(fields: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """JSON as a form posts it: a truth is a box that is ticked or not there."""
    found: MultiValueDict[str, str] = MultiValueDict()
    for name, value in fields.items():
        if isinstance(value, list):
            found.setlist(name, [str(item) for item in value])
        elif value is True:
            found[name] = "on"
        elif value is not None and value is not False:
            found[name] = str(value)
    return found


def _files(step: Step, papers: Sequence[PaperGiven]) -> MultiValueDict[str, SimpleUploadedFile]:
    """The papers as a form posts them; what they may be is for the step and for `attach` to say."""
    found: MultiValueDict[str, SimpleUploadedFile] = MultiValueDict()
    problems = []
    for number, paper in enumerate(papers):
        try:
            content = base64.b64decode(paper.content, validate=True)
        except ValueError:
            problems.append(answers.parameter(f"papers.{number}", _("内容不是 base64。请核对后重新发送。")))
            continue
        if paper.kind not in step.takes:
            problems.append(answers.parameter(f"papers.{number}", _("这一步不收这种材料。请核对代码。")))
        found.appendlist(f"paper_{paper.kind}", SimpleUploadedFile(paper.name, content))
    if problems:
        raise Declined(422, "problems", _("未能办理：材料有误。请改正后再发送。"), problems)
    return found


def _valid(filling: Filling) -> Filling:
    form = filling.form
    unknown = sorted(set(form.data) - set(form.fields))
    problems = [answers.parameter(name[:60], _("没有这一项。请核对名称。")) for name in unknown]
    if not form.is_valid():
        problems += [
            ProblemItem(code="form", column="" if name == "__all__" else name, message=str(text), severity="error")
            for name, texts in form.errors.items()
            for text in texts
        ]
    if problems:
        raise Declined(
            422, "problems", _("未能办理：有 %(count)s 处问题。请改正后再发送。") % {"count": len(problems)}, problems
        )
    return filling
