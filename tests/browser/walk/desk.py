"""What the recorder does at the meeting desk, as it is clicked there."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.walk.acts import put

SENT = "记录都已送到"


class Desk:
    """The desk of a meeting, open in a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.queue = page.locator("[data-queue]")
        self.waiting = page.locator("[data-waiting-list] li")
        self.refusals = page.locator("[data-refusals] li")

    def item(self, title: str) -> Locator:
        """The card of an item."""
        return self.page.locator(".desk-item").filter(has=self.page.get_by_role("heading", level=2, name=title))

    def person(self, name: str) -> Locator:
        """Somebody's line among those called."""
        return self.page.locator(".desk-people li").filter(has_text=name)

    def is_sent(self) -> None:
        """Wait until every entry has arrived, and none was refused."""
        expect(self.queue).to_contain_text(SENT)
        expect(self.refusals).to_have_count(0)

    def press(self, within: Locator, button: str) -> None:
        """Make an entry of a form, and wait until it has arrived."""
        within.get_by_role("button", name=button, exact=True).click()
        self.is_sent()

    def all_come(self, names: list[str]) -> None:
        """Note everybody's coming."""
        for name in names:
            self.press(self.person(name), "到会")
            expect(self.person(name).locator(".pill").first).to_have_text("到会")

    def speak(self, title: str, name: str, text: str, stance: str = "同意") -> None:
        """Enter what somebody says; whether it has arrived is not waited for."""
        form = self.item(title).locator("form[data-act=speak]")
        _enter(form, {"发言人": name, "态度": stance, "意见": text})
        form.get_by_role("button", name="记录发言").click()

    def spoken(self, title: str) -> list[str]:
        """Who has spoken, in order."""
        return self.item(title).locator(".desk-opinions li strong").all_inner_texts()

    def fold(self, title: str, button: str, fields: dict[str, str | bool]) -> None:
        """Open a folded form of an item, fill it in, and send it."""
        folded = self.item(title).locator("details").filter(has=self.page.locator("summary", has_text=button))
        folded.locator("summary").click()
        _enter(folded, fields)
        self.press(folded, button)

    def open_vote(self, title: str, method: str) -> None:
        """Put an item to the vote."""
        form = self.item(title).locator("form[data-act=vote]")
        _enter(form, {"表决方式": method})
        self.press(form, "开始表决")

    def cast(self, title: str, name: str, choice: str) -> None:
        """Note an open ballot."""
        line = self.item(title).locator(".desk-ballots li").filter(has_text=name)
        self.press(line, choice)
        expect(line.get_by_role("button", name=choice, exact=True)).to_have_attribute("aria-pressed", "true")

    def sum_up(self, title: str, summary: str, resolution: str) -> None:
        """Write the summary and the words of the decision."""
        form = self.item(title).locator("form[data-act=sum_up]")
        _enter(form, {"讨论摘要": summary, "决定": resolution})
        self.press(form, "保存摘要和决定")


def _enter(within: Locator, fields: dict[str, str | bool]) -> None:
    """Fill in fields whose labels stand around them."""
    for label, value in fields.items():
        put(within.get_by_label(label), value)
