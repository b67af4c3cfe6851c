"""The transfer of one child, walked by both schools and the county in a browser; then the old school sees nothing."""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import SignIn, Violations
from tests.browser.workbooks import download

START = "/matters/start/people.transfer/open_transfer/"
PDF = b"%PDF-1.4\n% a paper of the test\n"


def paper(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": PDF}


def grades(page: Page) -> set[str]:
    """Grades of the pupils whom the reader lists."""
    page.goto("/registers/pupils/?sort=grade")
    place = page.locator(".register thead th").all_inner_texts().index("年级")
    rows = page.locator(".register tbody tr").all()
    return {row.locator("th, td").nth(place).inner_text() for row in rows}


def child_to_move(page: Page, taught: set[str]) -> tuple[str, str, str]:
    """A pupil of the reader's school in one of the grades, in no transfer: (address, name, full 学籍号)."""
    page.goto("/registers/pupils/?sort=-name")
    place = page.locator(".register thead th").all_inner_texts().index("年级")
    rows = page.locator(".register tbody tr").all()
    fitting = [row for row in rows if row.locator("th, td").nth(place).inner_text() in taught]
    links = [str(row.locator("th a").first.get_attribute("href")) for row in fitting]
    # Numbers are restricted: who opens them says what for.
    page.goto("/registers/restricted/identity/open/?next=/")
    page.get_by_label("办理学生本人的事项").check()
    page.get_by_role("button", name="打开").click()
    for href in links:
        page.goto(href)
        if page.get_by_text("县内转学").count() or not page.get_by_text("学籍号", exact=True).count():
            continue
        name = page.get_by_role("heading", level=1).inner_text().split()[0]
        page.get_by_role("button", name="查看全号").or_(page.get_by_role("link", name="查看全号")).first.click()
        expect(page.get_by_text("本次查看已记入变更记录").first).to_be_visible()
        shown = re.search(r"[GLJ]\d{17}[\dX]", page.locator("main").inner_text())
        page.goto(f"/registers/pupils/?status=every&q={name}")
        if shown and page.locator(".register tbody tr").count() == 1:
            return href, name, shown[0]
    raise AssertionError("no pupil who can be moved")


def do(page: Page, matter: str, step: str, *, note: str = "") -> None:
    """Open the step from the matter's page, give a reason where there is one, and send it."""
    page.goto(matter)
    page.get_by_role("link", name=step, exact=True).click()
    if note:
        page.get_by_label("意见").fill(note)
    page.get_by_role("button", name=step, exact=True).click()
    expect(page.get_by_text(f"“{step}”已办理")).to_be_visible()


def _opened(page: Page, href: str, name: str, number: str, violations: Violations) -> str:
    """The receiving school asks: a wrong name tells nothing, the right one opens; the matter's address."""
    page.goto(START)
    assert violations(page) == []
    page.get_by_label("学籍号").fill(number)
    page.get_by_label("姓名").fill("某某某")
    page.get_by_label("转学原因").select_option(index=1)
    page.locator("[name=paper_application]").set_input_files(paper("转学申请.pdf"))
    page.get_by_role("button", name="登记转学").click()
    expect(page.get_by_text("没有查到可以转入本校的学生").first).to_be_visible()
    assert page.request.get(href).status == 404
    page.get_by_label("姓名").fill(name)
    page.locator("[name=paper_application]").set_input_files(paper("转学申请.pdf"))
    page.locator("[name=paper_residence]").set_input_files(paper("居住证明.pdf"))
    page.get_by_role("button", name="登记转学").click()
    expect(page.get_by_text("“登记转学”已办理")).to_be_visible()
    assert violations(page) == []
    return re.sub(r"^https?://[^/]+", "", page.url)


def test_a_child_is_moved_and_the_old_school_then_sees_nothing(
    sign_in: SignIn, violations: Violations, tmp_path: Path
) -> None:
    receiving, sending = sign_in("xuejiyuan2"), sign_in("xuejiyuan")
    href, name, number = child_to_move(sending, grades(receiving))

    matter = _opened(receiving, href, name, number, violations)

    # Head, sending school, county, and the class.
    do(sign_in("xiaozhang2"), matter, "同意转入", note="学位充足")
    do(sending, matter, "核对无误，同意转出")
    county = sign_in("xueji")
    do(county, matter, "核准转学")
    receiving.goto(matter)
    receiving.get_by_role("link", name="编班接收", exact=True).click()
    field = receiving.get_by_label("编入班级")
    field.select_option(index=1)
    if receiving.get_by_label("已知将成大班额").count():
        receiving.get_by_label("已知将成大班额").check()
    receiving.get_by_role("button", name="编班接收").click()
    expect(receiving.get_by_text("“编班接收”已办理")).to_be_visible()
    expect(receiving.get_by_text("已转入").first).to_be_visible()
    file = receiving.locator("main a[href^='/files/']").first.get_attribute("href")

    _sees_nothing(sending, name, number, [href, f"{href}edit/", matter, f"{matter}record.docx", str(file)])
    _sees_nothing(sign_in("xiaozhang"), name, number, [href, matter, str(file)])
    _sees_the_whole_file(receiving, name, number, violations)
    _pack_is_sound(county, matter, tmp_path)


def _sees_nothing(page: Page, name: str, number: str, addresses: list[str]) -> None:
    for address in addresses:
        assert page.request.get(address).status == 404, address
    for address in (
        f"/registers/pupils/?q={name}", f"/registers/pupils/?q={number}", f"/registers/pupils/?status=every&q={name}",
        f"/registers/search/?q={name}", "/todo/", "/registers/pupils/?on=2024-10-15&q=" + name,
    ):  # fmt: skip
        page.goto(address)
        assert page.locator("main").get_by_role("link", name=name, exact=True).count() == 0, address
        assert page.locator("main").get_by_text(f"{name} 转入").count() == 0, address
    answer = page.request.get("/registers/pupils/export/?status=every")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body())) as book:
        assert not any(name.encode() in book.read(part) for part in book.namelist())


def _sees_the_whole_file(page: Page, name: str, number: str, violations: Violations) -> None:
    page.goto(f"/registers/pupils/?status=active&q={number}")
    page.get_by_role("link", name=name, exact=True).first.click()
    main = page.locator("main")
    for text in ("康乐第一小学", "康乐第二小学", "监护人", "县内转学", "编班接收"):
        expect(main.get_by_text(text).first).to_be_visible()
    assert violations(page) == []


def _pack_is_sound(page: Page, matter: str, folder: Path) -> None:
    """The pack, checked by the verifier that it carries, in an empty directory without the application."""
    page.goto(matter)
    _name, content = download(page, page.get_by_role("button", name="证据包"))
    (folder / "pack.zip").write_bytes(content)
    with zipfile.ZipFile(folder / "pack.zip") as pack:
        (folder / "verify.py").write_bytes(pack.read("verify.py"))
    command = [sys.executable, "-I", "-S", "verify.py", "pack.zip"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "pack.zip").write_bytes(_altered(content))
    broken = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})
    assert (broken.returncode, broken.stdout.splitlines()[-1][:6]) == (1, "核验未通过：")


def _altered(content: bytes) -> bytes:
    """The same pack with one character of one payload exchanged."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as pack, zipfile.ZipFile(made, "w") as other:
        for name in pack.namelist():
            data = pack.read(name)
            other.writestr(name, data.replace(b"people", b"peopel", 1) if name == "events.jsonl" else data)
    return made.getvalue()
