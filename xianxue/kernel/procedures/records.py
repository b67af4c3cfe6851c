"""What a matter leaves the house as: the printed record (办理过程单), and the evidence pack."""

from urllib.parse import quote

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.documents import (
    DOCX_CONTENT_TYPE,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Signature,
    Table,
    Text,
    docx_bytes,
)
from xianxue.kernel.files.selectors import attachments_of
from xianxue.kernel.history.models import Event
from xianxue.kernel.procedures import evidence
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Extension, Matter, StepRecord
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.presenting import place_words, record_limit, who_words
from xianxue.kernel.procedures.selectors import records_of, subject_of, visible_matters
from xianxue.kernel.ui import formats


def event_numbers(matter: Matter) -> list[int]:
    """Numbers of all events that the matter's steps and extensions wrote, in order."""
    numbers: set[int] = set()
    for row in records_of(matter):
        numbers.update(range(row.first_seq, row.event_seq + 1))
    numbers.update(Extension.objects.filter(matter=matter).values_list("event_seq", flat=True))
    return sorted(numbers)


def evidence_numbers(matter: Matter) -> list[int]:
    """Numbers of all events of the matter's evidence: its own, and those of related matters that the reader may see."""
    subject = subject_of(matter)
    related = visible_matters().filter(pk__in=list(subject.related_matters())).exclude(pk=matter.pk)
    near = [(matter, subject), *((one, subject_of(one)) for one in related)]
    numbers: set[int] = set()
    told = Q(pk__in=[])
    for one, its_subject in near:
        numbers.update(event_numbers(one))
        for subject_type, subject_id in its_subject.evidence_subjects():
            told |= Q(subject_type=subject_type, subject_id=subject_id)
    numbers.update(Event.objects.filter(told).values_list("seq", flat=True))
    return sorted(numbers)


def pack_of(matter: Matter, by: Actor) -> HttpResponse:
    """The evidence pack as a download. Raises Http404 where packs are not made, and Refused."""
    response = evidence.pack(matter, evidence_numbers(matter), by)
    if response is None:
        raise Http404
    return response


def sheet_of(matter: Matter, by: Actor) -> HttpResponse:
    """The printed record as a download."""
    response = HttpResponse(
        docx_bytes(document(matter, by), base_url=settings.BASE_URL), content_type=DOCX_CONTENT_TYPE
    )
    return _as_download(response, _("办理过程单_%(matter)s.docx") % {"matter": matter.title})


def _as_download(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def document(matter: Matter, by: Actor) -> Document:
    """The record of a matter: what it is about, what was done, by whom, when, with which papers."""
    today = timezone.localdate()
    blocks: list[Block] = [
        Heading(1, _("事项")),
        _facts(matter),
        Heading(1, _("办理经过")),
        _done(matter),
    ]
    blocks += _extensions(matter)
    blocks += [Heading(1, _("材料")), *_papers(matter)]
    blocks.append(Paragraph((Text(_("本单由%(who)s打印，内容以系统留痕为准。") % {"who": by.label}),)))
    blocks.append(Signature())
    blocks += evidence.check_blocks(matter, event_numbers(matter)[-1])
    title = _("%(procedure)s办理过程单") % {"procedure": matter.declaration.label}
    return Document(title=title, issuer=settings.BUREAU_NAME or _("教育行政部门"), date=today, blocks=blocks)


def _facts(matter: Matter) -> Table:
    names = unit_names(list(matter.parties.values_list("unit_id", flat=True)))
    places = matter.declaration.places
    rows = [(_("事项"), matter.title), (_("现状"), str(matter.current.label))]
    rows += [(str(label), text) for label, text in subject_of(matter).facts()]
    rows += [
        (str(places.get(party.place, party.place)), names.get(party.unit_id, ""))
        for party in matter.parties.order_by("pk")
    ]
    rows.append((_("收件"), formats.china_date(matter.opened_on, year="always")))
    for label, due_on, done_on in (
        (_("受理"), matter.accept_due_on, matter.accepted_on),
        (_("办结"), matter.finish_due_on, matter.finished_on),
    ):
        words = [formats.china_date(done_on, year="always") or _("未办")]
        if due_on:
            words.append(_("期限 %(day)s") % {"day": formats.china_date(due_on, year="always")})
        rows.append((label, "，".join(words)))
    return Table(
        (Column(_("项目"), 1), Column(_("内容"), 3)), [(Text(label), Text(text)) for label, text in rows if text]
    )


def _done(matter: Matter) -> Table:
    rows = list(records_of(matter))
    names = unit_names([row.unit_id for row in rows])
    heads = (
        Column(_("步骤"), 2),
        Column(_("办理人"), 3),
        Column(_("时间"), 3),
        Column(_("时限"), 1),
        Column(_("意见"), 3),
    )
    return Table(heads, [_line(matter, row, names.get(row.unit_id or 0, "")) for row in rows])


def _line(matter: Matter, row: StepRecord, unit: str) -> tuple[Text, ...]:
    step = matter.declaration.steps.get(row.step)
    place = place_words(matter.declaration.places.get(row.place, row.place), unit)
    texts = (
        str(step.label if step else row.step),
        f"{who_words(row)}（{place}）",
        formats.china_moment(row.done_at, year="always"),
        record_limit(row)[0],
        row.note,
    )
    return tuple(Text(text) for text in texts)


def _extensions(matter: Matter) -> list[Block]:
    found = list(Extension.objects.filter(matter=matter).order_by("number"))
    if not found:
        return []
    heads = (
        Column(_("期限"), 2),
        Column(_("原期限"), 2),
        Column(_("新期限"), 2),
        Column(_("延期人"), 2),
        Column(_("理由"), 3),
    )
    rows = [
        tuple(
            Text(text)
            for text in (
                str(item.get_clock_display()),
                formats.china_date(item.old_due_on, year="always"),
                formats.china_date(item.new_due_on, year="always"),
                item.actor,
                item.reason,
            )
        )
        for item in found
    ]
    return [Heading(1, _("延期")), Table(heads, rows)]


def _papers(matter: Matter) -> list[Block]:
    found = attachments_of(SUBJECT_TYPE, matter.pk)
    if not found:
        return [Paragraph((Text(_("没有上传材料。")),))]
    heads = (Column(_("材料"), 2), Column(_("文件"), 3), Column(_("SHA-256 摘要"), 5))
    kinds = matter.declaration.papers
    rows = [(Text(str(kinds.get(item.kind, item.kind))), Text(item.name), Text(item.file.sha256)) for item in found]
    return [Table(heads, rows)]
