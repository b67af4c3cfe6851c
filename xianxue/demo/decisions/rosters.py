"""The bodies of the public schools and who sits in them: the leaders, then teachers, as many as the school's size asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xianxue.accounts.models import User
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.models import Body, Seat
from xianxue.organisations.choices import Ownership
from xianxue.organisations.models import School
from xianxue.people.choices import Post
from xianxue.people.models import Person, StaffPost

SINCE = date(2023, 9, 1)
# Staff from which on a party body has so many members; the administrative team has two more, where there are people.
SIZES = ((200, 9), (100, 7), (60, 5), (0, 3))
NAMES = {BodyKind.PARTY: "党组织委员会", BodyKind.ADMINISTRATION: "校长办公会", BodyKind.CONGRESS: "教职工代表大会"}
# Account of the cast → the seat that signs with it, in the school where the account is posted.
ACCOUNTS = {"shuji": "secretary", "xiaozhang": "head", "jiwei": "discipline", "banzi": "member"}


@dataclass(frozen=True)
class Team:
    """A school with the people who decide: the same persons sit in both bodies, each with its own chief."""

    school: School
    county_id: int
    bodies: Mapping[str, Body]
    seats: Mapping[str, Sequence[Seat]]
    staff: int
    others: Sequence[Person]
    """Teachers who sit nowhere: candidates, owners of tasks."""

    @property
    def names(self) -> dict[int, str]:
        """Names of everybody in a seat."""
        return {seat.person_id: seat.person.name for seats in self.seats.values() for seat in seats}


def make_teams(county_id: int) -> list[Team]:
    """The teams of all public schools, in the order of the county's tree; rows are made where there are none yet."""
    schools = School.objects.filter(ownership=Ownership.PUBLIC).select_related("unit").order_by("unit__path")
    accounts = {user.username: user for user in User.objects.filter(is_demo=True, username__in=ACCOUNTS)}
    home = _home(accounts)
    return [_team(school, county_id, accounts if school.pk == home else {}) for school in schools]


def _home(accounts: Mapping[str, User]) -> int | None:
    secretary = accounts.get("shuji")
    return secretary.postings.values_list("unit_id", flat=True).first() if secretary else None


def _team(school: School, county_id: int, accounts: Mapping[str, User]) -> Team:
    posts = StaffPost.objects.filter(school=school, ended_on=None).select_related("person").order_by("pk")
    by_post: dict[str, list[Person]] = {}
    for post in posts:
        by_post.setdefault(post.post, []).append(post.person)
    staff = sum(len(people) for people in by_post.values())
    head = by_post[Post.HEAD][0]
    secretary = next(iter(by_post.get(Post.SECRETARY, ())), head)
    rest = [*by_post.get(Post.DEPUTY, ()), *by_post.get(Post.TEACHER, ())]
    size = next(size for least, size in SIZES if staff >= least)
    party = list(dict.fromkeys([secretary, head, *rest[: size - 2]]))
    team = list(dict.fromkeys([head, secretary, *rest[:size]]))
    bodies: dict[str, Body] = {kind: _body(school, kind) for kind in NAMES}
    seats: dict[str, Sequence[Seat]] = {
        BodyKind.PARTY: _seats(bodies[BodyKind.PARTY], party, accounts, is_party=True),
        BodyKind.ADMINISTRATION: _seats(bodies[BodyKind.ADMINISTRATION], team, accounts, is_party=False),
    }
    return Team(school, county_id, bodies, seats, staff, rest[size + 1 : size + 21])


def _body(school: School, kind: BodyKind) -> Body:
    made: Body
    made, _new = Body.objects.get_or_create(
        unit=school.unit,
        kind=kind,
        defaults={
            "name": f"{school.unit.shown_name}{NAMES[kind]}",
            "started_on": SINCE,
            "counts_only": kind == BodyKind.CONGRESS,
        },
    )
    return made


def _seats(body: Body, people: Sequence[Person], accounts: Mapping[str, User], *, is_party: bool) -> list[Seat]:
    known = list(Seat.objects.filter(body=body).select_related("person").order_by("order"))
    if known:
        return known
    # The third at the table looks after discipline; in a body of two leaders and nobody else, the second.
    discipline = people[min(2, len(people) - 1)]
    duties = ("书记", "副书记、校长") if is_party else ("校长", "书记")
    seats = [
        Seat(
            body=body,
            person=person,
            duty=duties[place]
            if place < 2
            else "纪检委员"
            if person == discipline
            else "委员"
            if is_party
            else "班子成员",
            is_chief=place == 0,
            is_discipline=person == discipline,
            order=place + 1,
            started_on=SINCE,
            user=_account(accounts, place, is_discipline=person == discipline, is_party=is_party),
        )
        for place, person in enumerate(people)
    ]
    Seat.objects.bulk_create(seats)
    return seats


def _account(accounts: Mapping[str, User], place: int, *, is_discipline: bool, is_party: bool) -> User | None:
    part = "discipline" if is_discipline else {0: "secretary", 1: "head", 3: "member"}.get(place, "")
    if not is_party and place < 2:
        part = ("head", "secretary")[place]
    name = next((name for name, its in ACCOUNTS.items() if its == part), "")
    return accounts.get(name)
