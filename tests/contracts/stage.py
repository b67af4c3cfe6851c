"""What the contracts over registers share."""

import io
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import openpyxl
from django.db.models import Model

from tests.cast import PARTS, Cast
from tests.contracts.declared import openers, samples
from xianxue.insight.models import Draft, Release
from xianxue.insight.releases import services as releases
from xianxue.kernel import restricted
from xianxue.kernel.access import Actor, Grant, Reach, in_reach, whole_county
from xianxue.kernel.history.models import Checkpoint
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.resources import Register
from xianxue.kernel.restricted.services import open_domain
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.models import ImportJob
from xianxue.organisations.models import School


def _calendar() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    for row in (
        ("日期", "是否工作日", "原因", "闲话"),
        ("2024-10-12", "是", "调休", ""),
        ("2024-02-30", "是", "错", ""),
    ):
        page.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


# Kept from test to test, for three queries a part are most of the time of a short test.
_ROLES: dict[str, Reach] = {}


class Stage:
    """The cast, and the rows of one register that the test asks for."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self._job: ImportJob | None = None
        self._matter: Any = None
        self._asked: dict[str, Reach] | None = None

    def row(self, register: Register, number: int = 0, school: School | None = None) -> Any:
        """A row of the First Primary, or of the school given."""
        made: Model = samples()[register.code].make(self.cast, school or self.cast.first_primary, number)
        return made

    def schools(self) -> tuple[School, School]:
        """The two schools of the cast: what one has, the other must not see."""
        return self.cast.first_primary, self.cast.second_primary

    def who(self, register: Register, grant: Grant, *, wanted: Callable[[Any], bool] = bool) -> list[str]:
        """Parts of the cast for whom the grant's scope is as wanted."""
        return [part for part in PARTS if wanted(grant.scope(self._roles(part)))]

    def _roles(self, part: str) -> Reach:
        """The reach that the part had when first asked: whether it is empty or whole hangs on roles, never on rows."""
        if part not in _ROLES:
            _ROLES[part] = self.cast.reach(part)
        return _ROLES[part]

    def open(self, domain: str, part: str) -> None:
        """Let the person name a purpose for a restricted domain, where the grant allows it."""
        found, user = restricted.get(domain), self.cast.users[part]
        with in_reach(self.cast.reach(part)):
            if found.scope():
                open_domain(found, purpose=next(iter(found.purposes)), by=Actor(user.pk, user.name))

    def job(self) -> ImportJob:
        """An import that is checked and waits: one day of the calendar, one wrong one."""
        if self._job is None:
            user = self.cast.users["county_officer"]
            by = Actor(user.pk, user.name)
            with in_reach(self.cast.reach("county_officer")):
                report = imports.run([("日历.xlsx", _calendar())], by=by, dry_run=True, options={"sheet": "calendar"})
            self._job = ImportJob.objects.get(pk=report["jobs"][0]["job"])
        return self._job

    def matter(self) -> Any:
        """A transfer that was opened and waits."""
        if self._matter is None:
            self._matter = openers()["people.transfer"].open(self.cast).matter
        return self._matter

    def _actor(self, part: str) -> Actor:
        user = self.cast.users[part]
        return Actor(user.pk, user.name)

    def draft(self) -> Draft:
        """The report of 2024, prepared and not yet released."""
        with whole_county("test"):
            return Draft.objects.first() or releases.prepare(2024, reason="样例", by=self._actor("county_officer"))

    def release(self) -> Release:
        """The report of 2024, released."""
        with whole_county("test"):
            return Release.objects.first() or releases.release(self.draft(), by=self._actor("director"))

    def checkpoint(self) -> Checkpoint:
        """A signed checkpoint over the events so far, at least one."""
        self.matter()
        made: Checkpoint = checkpoint_now("测试", by=Actor(None, "系统"))
        return made

    def one_of_each(self, decide: Callable[[str], Hashable], parts: Iterable[str] = PARTS) -> dict[Any, str]:
        """Answer → the first part of the cast to whom it is given: for whom a page is drawn.

        What a page shows hangs on the answer of the grant, never on the role's name (tests/house: around_the_grant), so the
        matrix of all roles is asked of the grant, and a page is drawn once an answer.
        """
        chosen: dict[Any, str] = {}
        self._asked = {}
        for part in parts:
            chosen.setdefault(decide(part), part)
        self._asked = None
        return chosen

    def reach(self, part: str) -> Reach:
        """What the person reaches; read once while it is decided for whom a page is drawn, for nothing changes meanwhile."""
        if self._asked is None:
            return self.cast.reach(part)
        if part not in self._asked:
            self._asked[part] = self.cast.reach(part)
        return self._asked[part]

    def reader(self, register: Register) -> str:
        """Somebody who sees every row."""
        return self.who(register, register.view, wanted=lambda scope: scope.every)[0]

    def changer(self, register: Register) -> str:
        """Somebody who may change every row; the first school's, where only schools write."""
        everywhere = self.who(register, register.change, wanted=lambda scope: scope.every)
        return (everywhere or self.who(register, register.change))[0]

    def visible(self, register: Register, part: str) -> list[int]:
        """Keys of the rows that a person sees."""
        with in_reach(self.reach(part)):
            return list(register.visible().order_by("pk").values_list("pk", flat=True))
