"""A guardian of several children is one person: what a row about one child changes is noted with the others too."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed, running
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.people.models import Enrolment, GuardianLink, Person

NOTED = "people.note_on_other_wards"
Changes = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class OtherWard:
    """A child of whom the row does not speak, by the place at which it has the guardian."""

    pupil_id: int
    name: str
    order: int
    guardian_id: int


def other_wards(guardians: Collection[int], told: Collection[tuple[int, int]]) -> list[OtherWard]:
    """Children of the guardians, but for the (child, guardian) pairs that the rows themselves speak of."""
    links = GuardianLink.objects.filter(guardian_id__among=guardians).order_by("pupil_id", "order")
    rows = links.values_list("pupil_id", "pupil__name", "order", "guardian_id")
    return [OtherWard(*row) for row in rows if (row[0], row[3]) not in told]


@dataclass(frozen=True)
class Shared:
    """Guardians whom other children have too, as they were before a change: `before` holds name and telephone."""

    wards: list[OtherWard]
    before: Mapping[int, tuple[str, str]]

    @classmethod
    def found(cls, changed: Iterable[int], told: Collection[tuple[int, int]]) -> "Shared":
        """Those among the guardians about to be changed. One query, two where there are any."""
        wards = other_wards(set(changed), told)
        people = Person.objects.filter(pk__among={ward.guardian_id for ward in wards}) if wards else ()
        return cls(wards, {person.pk: (person.name, person.phone) for person in people})

    def note(self, names: Mapping[int, str], phones: Mapping[int, str]) -> None:
        """Record on the other children what changed: the history of each child tells where a number comes from."""
        drafts = [draft for ward in self.wards if (draft := self._draft(ward, names, phones))]
        if drafts:
            note_on_other_wards(drafts, by=running().by)

    def _draft(self, ward: OtherWard, names: Mapping[int, str], phones: Mapping[int, str]) -> Draft | None:
        changes = {}
        for part, old, given in zip(("name", "phone"), self.before[ward.guardian_id], (names, phones), strict=True):
            new = given.get(ward.guardian_id, old)
            if new != old:
                changes[f"guardian{ward.order}_{part}"] = [old or None, new or None]
        return Draft(Subject("people.person", ward.pupil_id, ward.name), changes) if changes else None


@command(NOTED, label=_("监护人信息随另一名子女更新"))
def note_on_other_wards(drafts: list[Draft], *, by: Actor) -> None:
    """Write the events, each in the name of the school at which the child is enrolled now. Changes nothing else."""
    if not drafts:
        nothing_changed()
        return
    pupils = [draft.subject.pk for draft in drafts]
    open_now = Enrolment.objects.filter(person_id__among=pupils, ended_on__isnull=True)
    schools = dict(open_now.values_list("person_id", "school_id"))
    record_many(
        Draft(draft.subject, draft.changes, schools.get(draft.subject.pk), facts=draft.facts) for draft in drafts
    )
