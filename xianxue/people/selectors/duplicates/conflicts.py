"""What must be chosen before two records become one: fields that differ, and rows that cannot both stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.crypto import digest
from xianxue.organisations.models import class_name
from xianxue.organisations.selectors import reference_day
from xianxue.people.choices import Sex
from xianxue.people.models import DuplicatePair, Enrolment, GuardianLink, Identifier, Person, Qualification, StaffPost
from xianxue.people.rules import masked_number
from xianxue.people.selectors.duplicates.references import Clash, by_code, clashes, open_matters, references

SIDES = ("first", "second")
FIELDS = (
    "name", "former_name", "sex", "born_on", "nationality", "ethnic_group", "political_status", "health", "blood_type",
    "birthplace", "native_place", "household_place", "household_kind", "address", "postal_code", "phone", "died_on",
)  # fmt: skip
DERIVED = {"name": ("name_pinyin", "initials"), "phone": ("phone_digest",)}
NOTHING = (None, "", Sex.UNKNOWN)
AS_PUPIL = "people.guardianlink.pupil_id"


@dataclass(frozen=True)
class Question:
    """One thing to choose: `key` under which the choice is kept, and what stands on either side, in words.

    `effect` says what becomes of the side that is not chosen.
    """

    key: str
    label: str
    first: str
    second: str
    effect: str = ""


def compared(pair: DuplicatePair) -> list[tuple[str, str]]:
    """Every field of the two persons with `same`, `different`, `missing` (on one side) or `none`."""
    return [(name, _verdict(getattr(pair.first, name), getattr(pair.second, name))) for name in FIELDS]


def _verdict(first: Any, second: Any) -> str:
    if first in NOTHING and second in NOTHING:
        return "none"
    if first in NOTHING or second in NOTHING:
        return "missing"
    return "same" if first == second else "different"


def differing(pair: DuplicatePair) -> list[str]:
    """The fields to be chosen one by one."""
    return [name for name, verdict in compared(pair) if verdict == "different"]


def all_clashes(pair: DuplicatePair) -> list[Clash]:
    """Rows of the two that cannot both belong to one person; places of guardians are settled by renumbering."""
    found = [clash for item in references() for clash in clashes(item, pair.first_id, pair.second_id)]
    return [clash for clash in found if not _only_places(clash)]


def _only_places(clash: Clash) -> bool:
    return clash.reference.code == AS_PUPIL and clash.first.guardian_id != clash.second.guardian_id


def key_of(clash: Clash) -> str:
    """Under which a clash's choice is kept."""
    return f"{clash.reference.code}:{clash.first.pk}:{clash.second.pk}"


def questions(pair: DuplicatePair) -> list[Question]:
    """What must be chosen beside the person's own fields. Runs in the whole county."""
    asked = [_question(clash) for clash in all_clashes(pair) if clash.reference.model in _WORDS]
    links = by_code()[AS_PUPIL]
    if links.rows(pair.first_id).exists() and links.rows(pair.second_id).exists():
        first, second = _guardians(pair.first_id), _guardians(pair.second_id)
        effect = _("另一份的监护人排在其后，不会删除")
        asked.append(Question("guardians", _("哪一份的监护人排在前面"), first, second, effect))
    return asked


def _guardians(pupil: int) -> str:
    links = GuardianLink.objects.filter(pupil_id=pupil).select_related("guardian").order_by("order")
    return "、".join(link.guardian.name for link in links)


def _question(clash: Clash) -> Question:
    label, effect = _WORDS[clash.reference.model]
    return Question(key_of(clash), label, _words(clash.first), _words(clash.second), effect)


def left_behind(pair: DuplicatePair) -> list[str]:
    """Rows of other parts of the house that both have and one may have once only: those of the merged record stay.

    Money paid twice was paid twice: who keeps that ledger must see it, and nobody here may take it away.
    """
    found = [clash for clash in all_clashes(pair) if clash.reference.model not in _WORDS]
    return [f"{clash.reference.model._meta.verbose_name}：{_words(clash.first)}" for clash in found]


def _words(row: Any) -> str:
    """A row in words, with nothing in full that is masked elsewhere."""
    if isinstance(row, Enrolment):
        room = row.classroom
        place = class_name(room.stage, room.cohort_year, room.number, reference_day()) if room else ""
        return f"{row.school} {place}".strip()
    if isinstance(row, Identifier):
        return f"{row.get_kind_display()} {masked_number(row.value)}"
    if isinstance(row, StaffPost):
        return f"{row.school} {row.get_post_display()} {row.staff_no}"
    if isinstance(row, GuardianLink):
        return f"{row.pupil.name} – {row.guardian.name}"
    if isinstance(row, Qualification):
        return row.number
    return str(getattr(row, "school", "")) or str(row)


_WORDS: dict[type, tuple[str, str]] = {
    Enrolment: ("在读学籍：哪一条继续", "另一条今天起结束，离校原因记“登记有误”"),
    Identifier: ("现用号码：哪一个是现在的", "另一个今天起停用，作为曾用号码保留，仍能查到本人"),
    StaffPost: ("同一学校的任职：哪一条继续", "另一条今天起结束"),
    GuardianLink: ("同一名学生的监护关系登记了两遍：留哪一条", "另一条去掉，撤销合并时恢复"),
    Qualification: ("同一资格证登记了两遍：留哪一条", "另一条去掉，撤销合并时恢复"),
}


def obstacles(pair: DuplicatePair) -> list[str]:
    """Why the two cannot be merged now, each as a sentence. Runs in the whole county."""
    found = [
        _("%(name)s 的一份记录已经并入别的记录。请等下一次查重。") % {"name": person.name}
        for person in (pair.first, pair.second)
        if person.merged_into_id
    ]
    if GuardianLink.objects.filter(pupil_id__in=_ids(pair), guardian_id__in=_ids(pair)).exists():
        found.append(_("一份记录是另一份的监护人，合并后会成为自己的监护人。请先更正监护人。"))
    titles = sorted({matter.title for matter in open_matters(*_ids(pair))})
    found.extend(_("有在办的事项“%(title)s”。请先办结或撤回。") % {"title": title} for title in titles)
    return found


def _ids(pair: DuplicatePair) -> tuple[int, int]:
    return pair.first_id, pair.second_id


def fingerprint(pair: DuplicatePair) -> str:
    """A digest of everything that a merge would touch: whoever decides has seen exactly this."""
    people = [[getattr(person, name) for name in FIELDS] for person in (pair.first, pair.second)]
    rows = [
        sorted(reference.rows(person).values_list("pk", flat=True))
        for reference in references()
        for person in _ids(pair)
    ]
    links = list(
        GuardianLink.objects.filter(pupil_id__in=_ids(pair)).order_by("pk").values_list("pk", "order", "relation")
    )
    clashing: Sequence[str] = [key_of(clash) for clash in all_clashes(pair)]
    return digest("duplicate", repr((people, rows, links, clashing)))


def pair_of(pk: int) -> DuplicatePair:
    """The pair with both persons, as it stands now. Runs in the whole county."""
    found: DuplicatePair = DuplicatePair.objects.select_related("first", "second").get(pk=pk)
    return found


def person_label(name: str) -> str:
    """Chinese name of a person's field."""
    return str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a concrete field
