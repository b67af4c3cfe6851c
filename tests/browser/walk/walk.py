"""The people of the walk, each in a session of the own, and what has come of it so far."""

from datetime import datetime

from playwright.sync_api import Page

from tests.browser.conftest import SignIn, Violations
from tests.browser.walk.days import Days

TITLE, FIRM = "秋季食堂食材供应商选用", "万载县丰禾食材配送有限公司"
PARTY, TEAM = "党组织委员会", "校长办公会"
HEAD, SECRETARY, DISCIPLINE, MEMBER, TEACHER = "高国辉", "杨嘉辉", "李俊强", "仇鑫", "杨娟"
SEATED = {TEAM: ("xiaozhang", "shuji", "jiwei", "banzi"), PARTY: ("xiaozhang", "shuji", "jiwei")}
"""Body → the accounts of its members; the teacher has none."""
NARROW = 360


class Walk:
    """The people of the walk, each in a session of the own, and what has come of it so far."""

    def __init__(self, days: Days, sign_in: SignIn, violations: Violations) -> None:
        self.days, self.sign_in, self.violations = days, sign_in, violations
        self.pages: dict[str, Page] = {}
        self.matter = self.other = self.preflight = self.meeting = self.body = self.desk = ""
        self.met = self.proposed_on = days.today

    @property
    def pk(self) -> str:
        """The proposal's key."""
        return self.preflight.strip("/").split("/")[-1]

    def by(self, username: str) -> Page:
        """Somebody's page; signed in where they are not yet today."""
        if username not in self.pages:
            self.pages[username] = self.sign_in(username)
        return self.pages[username]

    def turn_to(self, moment: datetime) -> None:
        """Everybody goes home, and comes back another day."""
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()
        self.days.turn_to(moment)

    def sound(self, page: Page, width: int = 1440) -> None:
        """The page is accessible and no wider than the window."""
        assert self.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    def sound_on_both(self, page: Page) -> None:
        """The same of a desk and of a telephone, which is dark."""
        self.sound(page)
        page.set_viewport_size({"width": NARROW, "height": 800})
        page.emulate_media(color_scheme="dark")
        self.sound(page, NARROW)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme="light")
