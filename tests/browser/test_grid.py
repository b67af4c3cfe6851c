"""A class filled in on a telephone: a block from Excel, the keyboard, and a network that goes and comes back."""

import re

from playwright.sync_api import Dialog, expect

from tests.browser.conftest import SignIn, Violations

PASTE = """([row, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.querySelectorAll(".grid-table tbody tr")[row].querySelector('input[name$=".class_no"]')
    .dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_block_is_pasted_and_what_is_saved_offline_is_sent_when_the_network_is_back(
    sign_in: SignIn, violations: Violations
) -> None:
    page = sign_in("xuejiyuan2", width=360)
    page.goto("/registers/pupils/grid/")
    page.locator(".grid-units a").first.click()
    lines = page.locator(".grid-table tbody tr")
    number = lines.nth(0).locator('input[name$=".class_no"]')
    box = number.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert violations(page) == []
    page.evaluate(PASTE, [0, "1\t走读\n2\t住校\n3\t走读\n"])
    boarding = [line.locator('select[name$=".boarding"]') for line in lines.all()[:3]]
    assert [one.evaluate("one => one.selectedOptions[0].text") for one in boarding] == ["走读", "住校", "走读"]
    number.focus()
    page.keyboard.press("Enter")
    expect(lines.nth(1).locator('input[name$=".class_no"]')).to_be_focused()
    told = page.locator("[data-told]")
    expect(told).to_have_text("改了 3 行，还没有保存")
    page.context.set_offline(True)
    page.get_by_role("button", name="保存").click()
    expect(told).to_have_text("还有 3 行没有送出，连上网络后自动发送")
    page.context.set_offline(False)
    expect(told).to_have_text("改动都已保存")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('xianxue-outbox-'))") == []
    page.reload()
    values = [line.locator('input[name$=".class_no"]').input_value() for line in lines.all()[:3]]
    assert values == ["1", "2", "3"]
    expect(lines.nth(0).locator(".grid-state")).to_have_text(re.compile("^$"))


def test_signing_out_empties_the_device_and_asks_first_where_something_waits(sign_in: SignIn) -> None:
    page = sign_in("xuejiyuan2")
    page.evaluate("localStorage.setItem('xianxue-outbox-1-grid-pupils-1', '[{}]')")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.locator(".top-user").click()
    page.get_by_role("button", name="退出").click()
    assert asked == ["这台设备上还有没有送出的内容，退出以后就没有了。确定退出吗？"]
    assert page.evaluate("Object.keys(localStorage)") == ["xianxue-outbox-1-grid-pupils-1"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(re.compile("sign-in"))
    assert page.evaluate("Object.keys(localStorage)") == []
