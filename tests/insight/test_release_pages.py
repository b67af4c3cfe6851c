"""Pages of releases: who prepares, releases, reads; and the public check, which tells a stranger as little as possible."""

import hashlib
import json
import zipfile
from io import BytesIO
from typing import Any

import docx
import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.insight.release_sample import actor, grant, released
from tests.kernel.indicators.sample import make_county
from xianxue.insight.models import Draft, Release
from xianxue.insight.releases import services, watching
from xianxue.insight.views import release_check

COUNTY_PAGES = ("release", "release-compare", "release-file")
TEXT_PAGES = ("release-paper", "release-docx")


@pytest.fixture
def cast(db: None) -> Cast:
    return make_county()


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def text(answer: Any) -> str:
    return " ".join(body(answer).decode().split())


def test_two_persons_walk_from_the_report_to_the_release(cast: Cast) -> None:
    officer, director = cast.client("county_officer"), cast.client("director")
    assert reverse("release-prepare", args=(2024,)) in text(officer.get("/report/?year=2024"))
    answer = officer.post(reverse("release-prepare", args=(2024,)), {"reason": ""})
    draft = Draft.objects.get()
    assert answer.headers["Location"] == reverse("release-draft", args=(draft.pk,))
    assert "编制人不能自己发布" in text(officer.get(answer.headers["Location"]))
    assert "在等待发布" in text(director.get("/report/?year=2024"))
    address = reverse("release-draft-release", args=(draft.pk,))
    assert officer.post(address, {"is_read": "on"}).status_code == 403
    assert director.post(address, {}).status_code == 422
    assert director.post(address, {"is_read": "on"}).headers["Location"] == "/releases/2024-1/"
    page = text(director.get("/releases/2024-1/"))
    assert "学生资助人次" in page
    assert "有效" in page
    assert "编号 2024-1" in text(director.get("/report/?year=2024"))


def test_a_refusal_stands_on_the_form(cast: Cast) -> None:
    released(cast)
    answer = cast.client("county_officer").post(reverse("release-prepare", args=(2024,)), {"reason": ""})
    assert answer.status_code == 422
    assert "更换原因" in text(answer)


@pytest.mark.parametrize(
    ("part", "status"), [("director", 403), ("auditor", 403), ("county_officer", 200), ("head", 404), ("stranger", 404)]
)
def test_who_prepares(part: str, status: int, cast: Cast) -> None:
    assert cast.client(part).get(reverse("release-prepare", args=(2024,))).status_code == status


@pytest.mark.parametrize(("part", "status"), [("auditor", 404), ("head", 404), ("aid_officer", 404), ("director", 200)])
def test_a_draft_is_for_those_who_prepare_and_release(part: str, status: int, cast: Cast) -> None:
    draft = services.prepare(2024, by=actor(cast, "county_officer"))
    assert cast.client(part).get(reverse("release-draft", args=(draft.pk,))).status_code == status


def test_a_draft_is_sent_back_with_a_reason(cast: Cast) -> None:
    draft = services.prepare(2024, by=actor(cast, "county_officer"))
    address = reverse("release-draft-drop", args=(draft.pk,))
    assert cast.client("director").get(address).status_code == 200
    assert cast.client("director").post(address, {"reason": ""}).status_code == 422
    assert cast.client("director").post(address, {"reason": "还要改"}).status_code == 302
    assert not Draft.objects.exists()


def test_schools_read_the_text_and_nothing_else(cast: Cast) -> None:
    release = released(cast)
    client = cast.client("head")
    assert "2024-1" in text(client.get(reverse("releases")))
    page = text(client.get(reverse("release-paper", args=(release.number,))))
    assert "资助学生" in page
    assert "/figures/" not in page
    assert client.get(reverse("release-docx", args=(release.number,))).status_code == 200
    for name in COUNTY_PAGES:
        assert client.get(reverse(name, args=(release.number,))).status_code == 404, name


@pytest.mark.parametrize("name", [*COUNTY_PAGES, *TEXT_PAGES])
def test_an_auditor_reads_everything_and_a_stranger_nothing(name: str, cast: Cast) -> None:
    release = released(cast)
    assert cast.client("auditor").get(reverse(name, args=(release.number,))).status_code == 200
    assert cast.client("stranger").get(reverse(name, args=(release.number,))).status_code == 404
    assert cast.client("auditor").get(reverse(name, args=("2024-9",))).status_code == 404


def test_the_comparison_is_made_on_request_and_opens_to_the_rows(cast: Cast) -> None:
    release = released(cast)
    row = grant(cast)
    client = cast.client("auditor")
    assert "还没有比对过" in text(client.get(reverse("release-compare", args=(release.number,))))
    export = reverse("release-compare-export", args=(release.number,))
    assert client.get(export).status_code == 404
    assert client.post(reverse("release-check-now", args=(release.number,))).status_code == 302
    page = text(client.get(reverse("release-compare", args=(release.number,))))
    assert "数字变了" in page
    page = text(client.get(reverse("release-figure", args=(release.number, "aid.grants"))))
    assert reverse("aid-grants-detail", args=(row.pk,)) in page
    assert "发布时 3 人次，现在 4 人次" in page
    assert pl.read_excel(BytesIO(body(client.get(export)))).height > 10


def test_a_figure_that_was_never_counted_has_no_page(cast: Cast) -> None:
    release = released(cast)
    address = reverse("release-figure", args=(release.number, "new_media_posts"))
    assert cast.client("director").get(address).status_code == 404


@pytest.mark.parametrize("part", ["aid_officer", "project_officer"])
def test_others_of_the_county_read_the_comparison_and_do_not_start_it(part: str, cast: Cast) -> None:
    release = released(cast)
    assert cast.client(part).post(reverse("release-check-now", args=(release.number,))).status_code == 403


def test_withdrawing_is_the_directors_and_says_why(cast: Cast) -> None:
    release = released(cast)
    address = reverse("release-withdraw", args=(release.number,))
    assert cast.client("county_officer").get(address).status_code == 403
    assert cast.client("director").post(address, {"reason": "口径有误"}).status_code == 302
    assert "口径有误" in text(cast.client("head").get(reverse("release-paper", args=(release.number,))))


def test_the_paper_ends_with_its_number_root_and_code(cast: Cast) -> None:
    release = Release.objects.get(pk=released(cast).pk)
    paper = docx.Document(BytesIO(bytes(release.docx)))
    cells = [cell.text for table in paper.tables for cell in table.rows[0].cells]
    assert "发布编号　2024-1" in cells[-1]
    root = release.short_root
    assert f"{root[:4]} {root[4:8]} {root[8:12]} {root[12:]}" in cells[-1]
    assert len(paper.inline_shapes) == 1
    assert "data:image/png;base64," in bytes(release.html).decode()


def test_the_file_is_checked_with_nothing_but_hashes_and_ed25519(cast: Cast) -> None:
    release = released(cast)
    answer = cast.client("auditor").get(reverse("release-file", args=(release.number,)))
    with zipfile.ZipFile(BytesIO(body(answer))) as package:
        members = {name: package.read(name) for name in package.namelist()}
    signature = json.loads(members["signature.json"])
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
    key.verify(bytes.fromhex(signature["signature"]), members["statement.json"])
    hashes = json.loads(members["statement.json"])["hashes"]
    names = {"root": "release.json", "docx": "report.docx", "html": "report.html", "parts": "parts.parquet"}
    assert {key: hashes[key] for key in names} == {
        key: hashlib.sha256(members[name]).hexdigest() for key, name in names.items()
    }
    parts = pl.read_parquet(BytesIO(members["parts.parquet"]))
    whole = parts.filter((pl.col("indicator") == "aid.grants") & (pl.col("member") == ""))
    assert whole["numerator"].sum() == 3


# --- the public check ---------------------------------------------------------------------------------------------------


def check_address(release: Release) -> str:
    return reverse("release-check", args=(release.number, release.short_root))


def sent(client: Client, address: str, content: bytes) -> Any:
    return client.post(address, {"file": SimpleUploadedFile("报告.docx", content)})


def test_anybody_with_the_paper_checks_it(cast: Cast, client: Client) -> None:
    release = Release.objects.get(pk=released(cast).pk)
    page = text(client.get(check_address(release)))
    assert "相符" in page
    assert release.issuer in page
    assert "原样" in text(sent(client, check_address(release), bytes(release.docx)))
    assert "不符" in text(sent(client, check_address(release), bytes(release.docx) + b" "))


def test_the_public_page_names_no_person_and_no_figure(cast: Cast, client: Client) -> None:
    release = released(cast)
    page = text(client.get(check_address(release)))
    for word in ("director 某", "county_officer 某", "人次", "1,562.5", "/releases/", "/figures/"):
        assert word not in page, word


@pytest.mark.parametrize("root", ["0" * 16, "", "short", "0" * 17])
def test_a_number_without_its_root_opens_nothing(root: str, cast: Cast, client: Client) -> None:
    release = released(cast)
    if root:
        assert client.get(reverse("release-check", args=(release.number, root))).status_code == 404
    answer = client.post(reverse("release-check-start"), {"number": release.number, "root": root})
    assert answer.status_code == 422


def test_the_root_is_read_as_it_is_printed(cast: Cast, client: Client) -> None:
    release = released(cast)
    root = release.short_root.upper()
    printed = " ".join(root[at : at + 4] for at in range(0, 16, 4))
    answer = client.post(reverse("release-check-start"), {"number": "2024-1", "root": printed})
    assert answer.headers["Location"] == check_address(release)
    assert client.get(reverse("release-check-start")).status_code == 200


def test_the_public_page_says_what_became_of_a_release(cast: Cast, client: Client) -> None:
    first = released(cast)
    released(cast, reason="补录")
    assert "2024-2 替代了这一份" in text(client.get(check_address(first)))
    services.withdraw(first, reason="口径有误", by=actor(cast, "director"))
    assert "口径有误" in text(client.get(check_address(first)))


def test_a_file_that_is_too_large_is_not_read(cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    release = released(cast)
    monkeypatch.setattr(release_check, "LARGEST", 1_000)
    assert sent(client, check_address(release), b"x" * 2_000).status_code == 413
    assert client.post(check_address(release)).status_code == 422


def test_a_check_leaves_nothing_behind(cast: Cast, client: Client) -> None:
    release = released(cast)
    watching.check_all()
    before = Release.objects.count()
    sent(client, check_address(release), b"x")
    assert Release.objects.count() == before
    assert "sessionid" not in client.cookies
