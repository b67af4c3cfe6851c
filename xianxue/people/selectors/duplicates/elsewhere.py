"""What a school may know of pairs across schools: that one of its own is on one, and nothing of the other."""

from dataclasses import dataclass
from datetime import date

from xianxue.kernel.access import current_reach, whole_county
from xianxue.people.choices import DuplicateState
from xianxue.people.models import DuplicatePair, Person, people_in

WAITING = (DuplicateState.OPEN, DuplicateState.PROPOSED, DuplicateState.UNCLEAR)


@dataclass(frozen=True)
class Mine:
    """A person of one's own on a pair with somebody elsewhere."""

    person_id: int
    name: str
    kind: str
    found_on: date


def paired_elsewhere() -> list[Mine]:
    """The reader's own persons on open pairs that the bureau judges, once each; two queries."""
    reach = current_reach()
    with whole_county("跨校的疑似重复：只告知本校的一方"):
        pairs = DuplicatePair.objects.filter(DuplicatePair.across(reach), state__in=WAITING).order_by("-found_on", "pk")
        rows = list(pairs.values_list("first_id", "second_id", "kind", "found_on"))
        people = {pk for first, second, _kind, _day in rows for pk in (first, second)}
        own = dict(Person.objects.filter(people_in(reach, "pk"), pk__in=people).values_list("pk", "name"))
    found: dict[int, Mine] = {}
    for first, second, kind, day in rows:
        for pk in (first, second):
            if pk in own:
                found.setdefault(pk, Mine(pk, own[pk], kind, day))
    return list(found.values())
