"""The pages of an import, as a registrar, a stranger and an auditor meet them."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.organisations import SchoolFactory
from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import pupil, stored, workbook
from xianxue.accounts.models import Posting
from xianxue.aid.roles import AID_OFFICER
from xianxue.kernel.access import holds, provide_reach
from xianxue.kernel.sheets.models import ImportJob
from xianxue.organisations import roles
from xianxue.projects.roles import PROJECT_OFFICER


def client_of(*units: int, role: str = roles.REGISTRAR) -> Client:
    user = UserFactory()
    for unit in units:
        PostingFactory(user=user, role=role, unit_id=unit)
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def schools(sheet: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from xianxue.accounts.selectors import reach_of_id  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets import senders  # noqa: PLC0415 - app ready

    provide_reach(reach_of_id)
    monkeypatch.setattr(senders, "_readers", [lambda _sheet: holds(roles.AUDITOR)])
    for pk in (shelf.FIRST, shelf.SECOND):
        SchoolFactory(unit__pk=pk)


def send(client: Client, *contents: bytes) -> ImportJob:
    files = [SimpleUploadedFile(f"学生{number}.xlsx", content) for number, content in enumerate(contents, 1)]
    response = client.post("/imports/", {"files": files})
    assert response.status_code == 302, response.content.decode()
    return ImportJob.objects.latest("pk")


def test_a_workbook_is_sent_mended_written_and_undone_by_clicks() -> None:
    client = client_of(shelf.FIRST)
    job = send(client, workbook([pupil(1), pupil(2, ethnic="汉族人")]))
    page = client.get(f"/imports/{job.pk}/").content.decode()
    assert "先写入没有错的 1 行" in page
    assert "1 行都改为“汉族”" in page
    (mend,) = [mend for group in job.problems for mend in group["mends"]]
    client.post(f"/imports/{job.pk}/mend/", {"mend": json.dumps(mend)})
    assert "写入 2 行" in client.get(f"/imports/{job.pk}/").content.decode()
    client.post(f"/imports/{job.pk}/apply/")
    assert len(stored()) == 2
    assert client.get(f"/imports/{job.pk}/undo/").status_code == 200
    client.post(f"/imports/{job.pk}/undo/")
    assert stored() == []
    assert "已撤销" in client.get(f"/imports/{job.pk}/").content.decode()


def test_an_import_is_not_there_for_a_stranger_and_not_to_be_written_by_an_auditor() -> None:
    job = send(client_of(shelf.FIRST), workbook([pupil(1)]))
    stranger, auditor = client_of(shelf.SECOND), client_of(shelf.FIRST, role=roles.AUDITOR)
    for path in ("", "rows/", "changes/", "returned.xlsx", "undo/"):
        assert stranger.get(f"/imports/{job.pk}/{path}").status_code == 404
    for path in ("apply", "mend", "decide", "cancel", "confirm", "undo"):
        assert stranger.post(f"/imports/{job.pk}/{path}/").status_code == 404
        assert auditor.post(f"/imports/{job.pk}/{path}/").status_code == 404
    assert auditor.get(f"/imports/{job.pk}/").status_code == 200
    assert auditor.post("/imports/", {"files": SimpleUploadedFile("x.xlsx", workbook([pupil(1)]))}).status_code == 403
    assert stranger.get(f"/imports/batches/{job.batch_id}/").status_code == 404
    assert stored() == []


def test_many_files_show_the_difference_of_every_school_before_anything_is_written() -> None:
    client = client_of(shelf.FIRST, shelf.SECOND)
    job = send(client, workbook([pupil(1)]), workbook([pupil(2, school="白良镇中心小学")]), b"no workbook")
    page = client.get(f"/imports/batches/{job.batch_id}/").content.decode()
    assert "城南小学" in page
    assert "白良镇中心小学" in page
    assert "这不是工作簿" in page
    assert "写入全部没有错的 2 行" in page
    assert stored() == []
    client.post(f"/imports/batches/{job.batch_id}/apply/")
    assert len(stored()) == 2


def test_a_file_that_names_no_school_asks_for_it_unless_there_is_only_one() -> None:
    heads = tuple(head for head in shelf.HEADS if head != "学校")
    rows = [(*pupil(1)[:5], "是")]
    alone = send(client_of(shelf.FIRST), workbook(rows, heads))
    assert (alone.unit_id, alone.counts["new"]) == (shelf.FIRST, 1)
    client = client_of(shelf.FIRST, shelf.SECOND)
    job = send(client, workbook(rows, heads))
    assert "还不知道这些行属于哪所学校。" in client.get(f"/imports/{job.pk}/").content.decode()
    client.post(f"/imports/{job.pk}/decide/", {"unit": shelf.SECOND})
    job.refresh_from_db()
    assert (job.unit_id, job.counts["new"]) == (shelf.SECOND, 1)


def test_an_unknown_column_is_shown_and_its_place_remembered() -> None:
    client = client_of(shelf.FIRST)
    heads = tuple("手机" if head == "联系电话" else head for head in shelf.HEADS)
    job = send(client, workbook([pupil(1)], heads))
    assert "有 1 列没有对应的字段，不会导入：手机。" in client.get(f"/imports/{job.pk}/").content.decode()
    client.post(f"/imports/{job.pk}/decide/", {"map-4": "phone"})
    job.refresh_from_db()
    assert job.layout["mapping"]["phone"] == 4
    again = send(client, workbook([pupil(2)], heads))
    assert again.layout["mapping"]["phone"] == 4


def test_rows_and_changes_can_be_looked_through() -> None:
    client = client_of(shelf.FIRST)
    first = send(client, workbook([pupil(1), pupil(2)]))
    client.post(f"/imports/{first.pk}/apply/")
    job = send(client, workbook([pupil(1, phone="13900000001"), pupil(2), pupil(3, phone="12")]))
    changes = client.get(f"/imports/{job.pk}/changes/?column=phone").content.decode()
    assert all(text in changes for text in ("联系电话", "13800000001", "13900000001"))
    rows = client.get(f"/imports/{job.pk}/rows/?code=P112&column=phone").content.decode()
    assert "不是电话号码" in rows
    assert shelf.id_number(1) not in client.get(f"/imports/{job.pk}/rows/?outcome=changed").content.decode()


def test_the_workbook_comes_back_marked_and_can_be_sent_again_mended() -> None:
    client = client_of(shelf.FIRST)
    job = send(client, workbook([pupil(1), pupil(2, phone="12")]))
    content = b"".join(client.get(f"/imports/{job.pk}/returned.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    page = book.worksheets[0]
    assert [page.cell(1, 8).value, page.cell(1, 9).value] == ["结果", "说明"]
    assert [page.cell(2, 8).value, page.cell(3, 8).value] == ["新增", "有错"]
    assert page.cell(3, 5).fill.fgColor.rgb == "FFF8CBC6"
    comment = page.cell(3, 5).comment
    assert comment is not None
    assert comment.text.startswith("“联系电话”写成“12”，不是电话号码。")
    page.cell(3, 5).value = "13800000002"
    again = io.BytesIO()
    book.save(again)
    second = send(client, again.getvalue())
    assert (second.counts["new"], second.problems, second.layout["unknown"]) == (2, [], {})


def test_a_template_filled_in_is_understood() -> None:
    client = client_of(shelf.FIRST)
    content = b"".join(client.get("/imports/templates/shelf.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["测试学生", "填写说明", "代码表"]
    page = book["测试学生"]
    assert page.column_dimensions["B"].number_format == "@"
    for place, value in enumerate(pupil(1), 1):
        page.cell(2, place).value = value
    filled = io.BytesIO()
    book.save(filled)
    job = send(client, filled.getvalue())
    assert (job.counts["new"], job.problems, job.notes) == (1, [], [])


@pytest.mark.parametrize("role", [roles.SYSTEM_ADMIN, AID_OFFICER, PROJECT_OFFICER])
def test_who_does_not_read_the_rows_does_not_see_their_import_either(role: str) -> None:
    job = send(client_of(shelf.FIRST), workbook([pupil(1, name="只此一人"), pupil(2, ethnic="没有此族")]))
    client = client_of(shelf.FIRST, role=role)
    for page in ("", "rows/", "changes/", "undo/", "returned.xlsx"):
        assert client.get(f"/imports/{job.pk}/{page}").status_code == 404, page
    assert client.get(f"/imports/batches/{job.batch_id}/").status_code == 404
    assert job.file_name not in client.get("/imports/").content.decode()


def test_the_sender_does_not_see_the_import_any_more_once_the_role_has_ended() -> None:
    client = client_of(shelf.FIRST)
    job = send(client, workbook([pupil(1)]))
    assert client.get(f"/imports/{job.pk}/").status_code == 200
    Posting.objects.filter(user_id=job.sender_id or 0).update(started_on="2020-01-01", ended_on="2020-01-02")
    assert client.get(f"/imports/{job.pk}/").status_code == 404
    assert client.get(f"/imports/{job.pk}/returned.xlsx").status_code == 404


def test_a_mend_that_nobody_offered_leaves_the_import_where_it_was() -> None:
    client = client_of(shelf.FIRST)
    job = send(client, workbook([pupil(1), pupil(2, ethnic="汉族人")]))
    for mend in ('{"column": "name", "from": "x", "to": "y"}', "no json", ""):
        assert client.post(f"/imports/{job.pk}/mend/", {"mend": mend}).status_code == 404
    job.refresh_from_db()
    assert job.state == "ready"
