"""What a pack would tell in full: hidden values in the events of a matter need the grant and the purpose that a page needs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.kernel import resources, restricted, sheets
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.records import Subject
from xianxue.kernel.history.selectors import Entry, entries
from xianxue.kernel.procedures.models import Matter
from xianxue.kernel.resources.reading import open_href
from xianxue.kernel.restricted.models import Opening
from xianxue.kernel.restricted.selectors import inside, open_now
from xianxue.kernel.restricted.services import note_read


@dataclass(frozen=True)
class Told:
    """Restricted facts about one subject that the events of a matter hold; `domain` is "" where no domain is declared."""

    domain: str
    subject: Subject
    unit_id: int | None


def told_in(found: Iterable[Entry]) -> list[Told]:
    """What the events say in full, once for each domain and subject."""
    seen: dict[tuple[str, str, int], Told] = {}
    for entry in found:
        subject = Subject(entry.subject_type, entry.subject_id, entry.label)
        for domain in _domains(entry):
            seen.setdefault((domain, subject.type, subject.pk), Told(domain, subject, entry.unit_id))
    return list(seen.values())


def _domains(entry: Entry) -> Iterator[str]:
    for sheet in sheets.all():
        if sheet.writer.subject_type != entry.subject_type:
            continue
        register = resources.find(lambda item, code=sheet.code: item.sheet == code)  # type: ignore[misc]  # bound now
        for name in entry.changes:
            column = sheet.by_name.get(name)
            if column is not None and column.is_hidden:
                yield column.domain or (register.reveal_domain if register else "")


def opened_for(matter: Matter, numbers: Sequence[int]) -> HttpResponseRedirect | None:
    """None where the person now acting may have all of it, which is noted person by person; else the way to a purpose.

    Raises Refused for whoever has no grant.
    """
    parties = list(matter.parties.filter(released_on=None).values_list("unit_id", flat=True))
    openings: list[tuple[Opening, Told]] = []
    for told in told_in(entries(numbers)):
        domain = restricted.get(told.domain) if told.domain else None
        units = [told.unit_id, *parties]
        opening = open_now(domain, units=units, subject=(told.subject.type, told.subject.pk)) if domain else None
        if opening is not None:
            openings.append((opening, told))
        elif domain is not None and inside(domain.scope(), units):
            return HttpResponseRedirect(open_href(domain.code, reverse("matter", args=(matter.pk,))))
        else:
            label = domain.label if domain else _("遮盖的内容")
            raise Refused(
                _("未导出证据包：其中有“%(what)s”的原值，您没有查阅权限。请由有权查阅的学籍管理员导出。")
                % {"what": label}
            )
    for opening, told in openings:
        note_read(
            opening, told.subject, what=_("导出证据包：%(matter)s") % {"matter": matter.title}, unit_id=told.unit_id
        )
    return None
