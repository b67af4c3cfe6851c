"""What a pupil's page says of matters: the state in the national system, what can be begun, those under way or done."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import current_reach
from xianxue.kernel.columns import code_table
from xianxue.kernel.resources import Custom, Filter, Matters
from xianxue.kernel.ui import details, formats
from xianxue.people.models import Enrolment, NationalRecord, Person
from xianxue.people.procedures import TransferOut
from xianxue.people.resources import parts

NOT_CHECKED = "none"


def in_national_state(value: str) -> Q | None:
    """Pupils in a state there; those whom nobody has looked up yet."""
    if value == NOT_CHECKED:
        return Q(national_record__isnull=True)
    return Q(national_record__state=value) if value in code_table("national_state").labels else None


def national_filter() -> Filter:
    """The filter over that state."""
    return Filter(
        "national_state",
        gettext_lazy("国家系统"),
        in_national_state,
        lambda: [(NOT_CHECKED, _("未核对")), *code_table("national_state").labels.items()],
    )


def _panel(row: Enrolment) -> details.Panel | None:
    facts = [*_national(row), *_to_begin(row)]
    return details.FactsPanel(_("学籍业务"), facts=facts) if facts else None


def _national(row: Enrolment) -> Iterator[details.Fact]:
    found = NationalRecord.objects.filter(enrolment_id=row.pk).first()
    if found is None:
        if row.ended_on is None:
            yield details.Fact(_("国家系统"), _("未核对"))
        return
    state = code_table("national_state").labels.get(found.state, found.state)
    day = formats.china_date(found.checked_on, year="always")
    href = parts.address("national-records", found.pk)
    yield details.Fact(_("国家系统"), " ".join(filter(None, [state, found.business_no])), href, source=day)


def _to_begin(row: Enrolment) -> Iterator[details.Fact]:
    step = TransferOut.open_out
    if row.ended_on is None and row.school_id in step.by.scope(current_reach()):
        href = reverse("matter-start", args=(TransferOut.code, step.code))
        yield details.Fact(_("可办理"), str(TransferOut.label), f"{href}?pupil={row.pk}")


MATTERS = (
    Custom(build=_panel, aside=True, title=gettext_lazy("学籍业务")),
    Matters(model=Person, field="pupil", key=lambda row: row.person_id, aside=True),
)
