"""Letters of notice and what they can be about."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xianxue.decisions.models import Finding, NoticeLetter
from xianxue.kernel.access import whole_county
from xianxue.kernel.procedures import clock


def open_findings(unit: int) -> QuerySet[Finding]:
    """The findings of a school that are not settled, the gravest first."""
    found = Finding.objects.filter(unit_id=unit, matter__finished_on__isnull=True)
    return found.select_related("matter").order_by("-severity", "check_code", "pk")


def next_number() -> str:
    """A number for the next letter of the year, for the form; the writer may change it."""
    year = clock.today().year
    with whole_county("函号全县连续"):
        count = NoticeLetter.objects.filter(issued_on__year=year).count()
    return _("三重一大提示〔%(year)s〕%(number)s号") % {"year": year, "number": count + 1}
