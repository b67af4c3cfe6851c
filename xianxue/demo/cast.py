"""The people whom a visitor of the demonstration signs in as: all invented, one password, which the page prints."""

from dataclasses import dataclass
from datetime import date

from xianxue.accounts import services
from xianxue.accounts.models import User
from xianxue.accounts.views.door import DEMO_PASSWORD
from xianxue.demo.plan import Member, Plan
from xianxue.kernel.access import Actor
from xianxue.organisations.models import Classroom, Unit


@dataclass(frozen=True, slots=True)
class Appointed:
    """A member of the cast as the sign-in page and the command line show them."""

    username: str
    name: str
    title: str
    unit: str


def appoint(plan: Plan, *, by: Actor) -> list[Appointed]:
    """Create the users of the plan's cast and give them their postings; those that exist stay as they are.

    Must run inside a reach that holds the whole county, after schools and classes are in.
    """
    started_on = date(plan.year, 8, 20)
    appointed = []
    for member in plan.cast.members:
        unit = _unit(plan, member)
        appointed.append(Appointed(member.username, member.name, member.title, unit.name))
        if User.objects.filter(username=member.username).exists():
            continue
        user = services.create_user(
            username=member.username,
            name=member.name,
            password=DEMO_PASSWORD,
            by=by,
            is_demo=True,
            must_change=False,
        )
        services.give_posting(user, role=member.role, unit=unit, started_on=started_on, by=by, office=member.title[:30])
    return appointed


def _unit(plan: Plan, member: Member) -> Unit:
    """Return the unit at which a member is posted: the county, a school, or the first class of a cohort."""
    if not member.school:
        return _only(plan.code)
    school = _only(plan.school(member.school).code)
    if not member.stage:
        return school
    classes = Classroom.objects.filter(school_id=school.pk, stage=member.stage, cohort_year=member.cohort)
    found: Unit = classes.select_related("unit").order_by("number")[0].unit
    return found


def _only(code: str) -> Unit:
    found: Unit = Unit.objects.get(code=code)
    return found
