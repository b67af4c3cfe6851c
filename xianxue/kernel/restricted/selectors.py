"""Reads: what is open to the person now acting, who read whose facts, emergencies not yet judged."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from xianxue.kernel.access import Reach, UnitScope, current_reach
from xianxue.kernel.restricted.declaration import Domain, domains, get
from xianxue.kernel.restricted.models import Opening, ReadRecord

Units = Collection[int | None]


def open_now(domain: Domain, *, units: Units, subject: tuple[str, int] | None = None) -> Opening | None:
    """The opening under which the person now acting may read the domain about a subject of these units; None for none.

    An opening by purpose counts only where the grant does too: a posting that ended closes it at once.
    """
    reach = current_reach()
    if reach.user_id is None:
        return None
    held: QuerySet[Opening] = Opening.objects.filter(_is_open(), domain=domain.code, user_id=reach.user_id).order_by(
        "-pk"
    )
    allowed = inside(domain.scope(reach), units)
    for opening in held:
        if opening.is_emergency:
            if subject == (opening.subject_type, opening.subject_id):
                return opening
        elif allowed:
            return opening
    return None


def open_anywhere(code: str) -> Opening | None:
    """The opening by purpose under which the person now acting reads the domain, wherever the grant allows it."""
    reach, domain = current_reach(), get(code)
    if reach.user_id is None or not domain.scope(reach):
        return None
    held = Opening.objects.filter(_is_open(), domain=code, user_id=reach.user_id, subject_id=None)
    found: Opening | None = held.order_by("-pk").first()
    return found


def _is_open() -> Q:
    """Begun and not over: a clock that was set back to before it began opens nothing."""
    now = timezone.now()
    return Q(started_at__lte=now, until__gt=now)


def inside(scope: UnitScope, units: Units) -> bool:
    """Whether the scope covers any of the units that a row belongs to (a class teacher's covers the class alone)."""
    return any(unit in scope for unit in units)


def may_break_glass(domain: Domain, units: Units) -> bool:
    """Whether the person now acting, who may not read the domain, may do so in an emergency."""
    reach = current_reach()
    return not inside(domain.scope(reach), units) and inside(domain.emergency.scope(reach), units)


def records_in_oversight() -> "QuerySet[ReadRecord]":
    """Records of reading that the person now acting oversees, latest first."""
    return ReadRecord.objects.filter(overseen(current_reach())).order_by("-at", "-pk")


def records_of(subjects: list[tuple[str, int]]) -> "QuerySet[ReadRecord]":
    """Who read facts about these subjects, as far as the person now acting oversees it, latest first."""
    wanted = Q(pk__in=[])
    for subject_type, pk in subjects:
        wanted |= Q(subject_type=subject_type, subject_id=pk)
    return records_in_oversight().filter(wanted)


def emergencies() -> "QuerySet[Opening]":
    """Emergencies that the person now acting oversees, those not judged first."""
    rows = Opening.objects.filter(overseen(current_reach()), subject_id__isnull=False)
    return rows.order_by(F("judged_at").asc(nulls_first=True), "-started_at")


def overseen(reach: Reach) -> Q:
    """The condition for records and emergencies of the domains that the reach oversees."""
    found = Q(pk__in=[])
    for domain in domains():
        scope = domain.oversee.scope(reach)
        if scope:
            found |= scope.q("unit_id") & Q(domain=domain.code)
    return found


def records_of_day(day: date) -> "QuerySet[ReadRecord]":
    """All records of a day in China, in order: for the daily seal. Call it within the whole county."""
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    return ReadRecord.objects.filter(at__gte=start, at__lt=start + timedelta(days=1)).order_by("pk")
