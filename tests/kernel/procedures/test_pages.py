"""The pages that every procedure gets: who sees a matter, which buttons, why not, and what a form sends."""

import hashlib
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, make_cast
from tests.kernel.procedures import parcels
from tests.kernel.procedures.conftest import PDF
from xianxue.kernel.access import in_reach
from xianxue.kernel.files import store
from xianxue.kernel.files.holding import KEPT_FOR, forget_old, held_uploads, hold
from xianxue.kernel.files.models import HeldUpload, StoredFile
from xianxue.kernel.files.selectors import attachments_of
from xianxue.kernel.procedures import declaration, names
from xianxue.kernel.procedures.drawing import every_state, of_procedure
from xianxue.kernel.procedures.models import Extension, Matter, StepRecord
from xianxue.organisations.selectors import unit_names


@pytest.fixture
def cast(sending: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """The cast of the application, whose schools send parcels to one another."""
    made = make_cast()
    monkeypatch.setattr(parcels, "COUNTY", made.county.pk)
    monkeypatch.setattr(parcels, "SECOND", made.second_primary.pk)
    choices = [(made.second_primary.pk, "第二小学")]
    monkeypatch.setitem(
        parcels.SendForm.base_fields,
        "receiver",
        forms.TypedChoiceField(label="接收学校", coerce=int, choices=choices),
    )
    monkeypatch.setattr(parcels, "_own_units", lambda _role: (made.first_primary.pk,))
    names.provide_units(unit_names)
    return made


def open_one(cast: Cast, client: Client, **given: Any) -> Matter:
    start = reverse("matter-start", args=("tests.parcel", "send"))
    form = client.get(start).context["page"].form
    answer = client.post(
        start,
        {
            "receiver": str(cast.second_primary.pk), "content": "课桌", "weight": "3", "note": "",
            "once": form["once"].value(), "paper_list": SimpleUploadedFile("清单.pdf", PDF), **given,
        },
    )  # fmt: skip
    assert answer.status_code == 302, answer.context["page"].form.errors
    found: Matter = Matter.unguarded.get(pk=int(answer.headers["Location"].strip("/").rpartition("/")[2]))
    return found


@pytest.fixture
def matter(cast: Cast) -> Matter:
    return open_one(cast, cast.client("registrar"))


def step_address(matter: Matter, step: str) -> str:
    return reverse("matter-step", args=(matter.pk, step))


def page(client: Client, matter: Matter) -> str:
    answer = client.get(reverse("matter", args=(matter.pk,)))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_matter_is_walked_through_its_pages_by_the_people_whose_move_it_is(cast: Cast, matter: Matter) -> None:
    registrar, officer, other = (cast.client(part) for part in ("registrar", "county_officer", "other_registrar"))
    assert "等县局 · 测试县办理" in page(registrar, matter)
    form = officer.get(step_address(matter, "approve")).context["page"].form
    assert form["weight"].value() == 3
    answer = officer.post(
        step_address(matter, "approve"), {"weight": "4", "seen": form["seen"].value(), "note": "同意"}
    )
    assert answer.headers["Location"] == reverse("matter", args=(matter.pk,))
    text = page(other, matter)
    assert "4 千克" in text
    assert step_address(matter, "receive") in text
    answer = other.post(step_address(matter, "receive"), {"seen": "2", "note": ""}, follow=True)
    assert "已签收" in answer.content.decode()
    assert registrar.get(reverse("matter", args=(matter.pk,))).status_code == 404, "the sender was released"
    assert list(StepRecord.objects.filter(matter=matter).values_list("step", flat=True)) == [
        "send",
        "approve",
        "receive",
    ]


def test_a_sender_who_lets_go_by_a_step_of_their_own_lands_on_the_list_however_often_they_press(
    cast: Cast, matter: Matter
) -> None:
    step, client = parcels.ParcelSending.withdraw, cast.client("registrar")
    step.releases = ("sender",)
    try:
        answer = client.post(step_address(matter, "withdraw"), {"seen": "1", "note": ""})
        assert answer.headers["Location"] == reverse("todo")
        again = client.post(step_address(matter, "withdraw"), {"seen": "1", "note": ""}, follow=True)
    finally:
        step.releases = ()
    assert again.redirect_chain == [(reverse("todo"), 302)]
    assert "没有重复办理" in again.content.decode()
    assert StepRecord.objects.filter(matter=matter).count() == 2
    assert client.post(step_address(matter, "remark"), {"seen": "1"}).status_code == 404
    assert client.get(step_address(matter, "withdraw")).status_code == 404


def test_a_second_press_whose_form_no_longer_fits_is_told_that_it_is_done(cast: Cast, matter: Matter) -> None:
    officer = cast.client("county_officer")
    officer.post(step_address(matter, "approve"), {"weight": "4", "seen": "1", "note": ""})
    answer = officer.post(step_address(matter, "approve"), {"weight": "no number", "seen": "1", "note": ""})
    assert answer.status_code == 422
    assert "没有重复办理" in answer.content.decode()


@pytest.mark.parametrize(
    ("part", "status"),
    [
        ("registrar", 200), ("other_registrar", 200), ("head", 200), ("county_officer", 200), ("auditor", 200),
        ("director", 404), ("class_teacher", 404), ("aid_officer", 404), ("stranger", 404), ("nobody", 302),
    ],
)  # fmt: skip
def test_the_page_and_what_hangs_on_it_open_to_the_readers_alone(
    cast: Cast, matter: Matter, part: str, status: int
) -> None:
    client = cast.client(part)
    for name in ("matter", "matter-record"):
        assert client.get(reverse(name, args=(matter.pk,))).status_code == status
    paper = re.search(r"/files/\d+/", page(cast.client("registrar"), matter))
    assert paper is not None
    assert client.get(paper.group()).status_code == status
    if status != 200:
        assert client.get(step_address(matter, "approve")).status_code == status
        assert client.post(step_address(matter, "approve")).status_code == status
    assert client.get(reverse("matter", args=(matter.pk + 1000,))).status_code in {302, 404}


def test_who_may_not_do_a_step_reads_why_not_and_the_address_says_it_too(cast: Cast, matter: Matter) -> None:
    client = cast.client("registrar")
    text = page(client, matter)
    assert "“核准”没有办成：这一步由县局办理，您没有这项权限。" in text
    assert f'href="{step_address(matter, "approve")}"' not in text
    assert f'href="{step_address(matter, "withdraw")}"' in text
    answer = client.get(step_address(matter, "approve"))
    assert answer.status_code == 403
    assert "“核准”没有办成" in answer.content.decode()
    answer = client.get(step_address(matter, "receive"))
    assert answer.status_code == 409
    assert "不在可办这一步的阶段" in answer.content.decode()
    assert client.get(step_address(matter, "no_such_step")).status_code == 404
    assert client.get(step_address(matter, "send")).status_code == 404, "an opening step is no step of a matter"


def test_a_refusal_stands_on_the_form_and_nothing_is_written(cast: Cast, matter: Matter) -> None:
    officer = cast.client("county_officer")
    answer = officer.post(step_address(matter, "refuse"), {"seen": "1", "note": ""})
    assert answer.status_code == 422
    assert list(answer.context["page"].form.errors) == ["note"]
    officer.post(step_address(matter, "check"), {"seen": "1", "note": ""})
    answer = officer.post(step_address(matter, "refuse"), {"seen": "1", "note": "不合规定"})
    assert answer.status_code == 422
    assert "请刷新页面" in answer.content.decode()
    assert Matter.unguarded.get(pk=matter.pk).state == "sent"


def test_a_start_page_takes_values_from_its_address_and_asks_for_the_papers(cast: Cast) -> None:
    client = cast.client("registrar")
    start = reverse("matter-start", args=("tests.parcel", "send"))
    form = client.get(start, {"content": "书架"}).context["page"].form
    assert form["content"].value() == "书架"
    answer = client.post(start, {"receiver": str(cast.second_primary.pk), "content": "书架", "weight": "1"})
    assert answer.status_code == 422
    assert list(answer.context["page"].form.errors) == ["paper_list"]


def test_the_same_start_page_sent_twice_opens_one_matter(cast: Cast) -> None:
    client = cast.client("registrar")
    open_one(cast, client, once="c" * 32)
    start = reverse("matter-start", args=("tests.parcel", "send"))
    answer = client.post(
        start,
        {"receiver": str(cast.second_primary.pk), "content": "课桌", "weight": "3", "once": "c" * 32, "note": "",
         "paper_list": SimpleUploadedFile("清单.pdf", PDF)},
    )  # fmt: skip
    assert answer.status_code == 422
    assert "已经提交过" in answer.content.decode()
    assert Matter.unguarded.count() == 1


@pytest.mark.parametrize(("part", "status"), [("registrar", 200), ("county_officer", 403), ("stranger", 404)])
def test_the_start_page_opens_to_those_who_may_start(cast: Cast, part: str, status: int) -> None:
    start = reverse("matter-start", args=("tests.parcel", "send"))
    assert cast.client(part).get(start).status_code == status
    assert cast.client(part).get(reverse("matter-start", args=("no.such", "send"))).status_code == 404


def test_the_catalogue_says_who_how_long_with_what_and_what_is_not_checked(cast: Cast) -> None:
    client = cast.client("registrar")
    assert "寄送" in client.get(reverse("procedures")).content.decode()
    text = client.get(reverse("procedure", args=("tests.parcel",))).content.decode()
    for words in (
        "县局：局学籍管理", "3 个工作日", "不得与“寄出、核对”同一人", "材料：物品清单", "此后寄出学校不再看到", "待核",
        "《寄送办法》", "可延期 2 次，每次至多 5 个工作日", "逾期 3 个工作日报局长",
    ):  # fmt: skip
        assert words in text, words
    assert text.count("待核") >= 1
    assert cast.client("stranger").get(reverse("procedure", args=("tests.parcel",))).status_code == 404


def test_the_drawing_has_every_state_and_step_in_picture_and_in_words(cast: Cast, matter: Matter) -> None:
    drawing = of_procedure(parcels.ParcelSending)
    assert every_state(drawing) == {state.code for state in parcels.ParcelSending.states}
    assert {node.code for node in drawing.nodes if node.kind == "step"} == set(parcels.ParcelSending.steps)
    text = page(cast.client("registrar"), matter)
    for state in parcels.ParcelSending.states:
        assert f">{state.label}</text>" in text
        assert f'<span class="step-title">{state.label}</span>' in text
    assert text.count('aria-current="step"') == 2, "in the words for wide and for narrow screens"


def test_boxes_of_the_drawing_do_not_touch_and_stay_on_the_paper() -> None:
    known: list[type[declaration.Procedure]] = [parcels.ParcelSending, *declaration.all_procedures()]
    for procedure in known:
        drawing = of_procedure(procedure)
        boxes = [node for node in drawing.nodes if node.kind != "start"]
        for node in boxes:
            assert node.left >= 0
            assert node.left + node.width <= drawing.width
            assert node.bottom <= drawing.height
        for one in boxes:
            for other in boxes:
                if one is not other and one.layer == other.layer:
                    assert one.left + one.width <= other.left + 0.01 or other.left + other.width <= one.left + 0.01


def test_an_officer_extends_with_reason_and_end_and_everybody_sees_it(cast: Cast, matter: Matter) -> None:
    address = reverse("matter-extend", args=(matter.pk,))
    assert cast.client("registrar").get(address).status_code == 403
    officer = cast.client("county_officer")
    assert "至多延期 2 次" in officer.get(address).content.decode()
    answer = officer.post(address, {"clock": "finish", "until": "2024-12-01", "reason": "放假"})
    assert answer.status_code == 422
    assert "每次至多延长 5 个工作日" in answer.content.decode()
    officer.post(address, {"clock": "finish", "until": "2024-11-04", "reason": "放假"})
    assert Extension.objects.get().new_due_on.isoformat() == "2024-11-04"
    assert "放假" in page(cast.client("registrar"), matter)


def test_the_printed_record_names_steps_people_times_and_hashes(cast: Cast, matter: Matter) -> None:
    answer = cast.client("registrar").get(reverse("matter-record", args=(matter.pk,)))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        text = re.sub(r"<[^>]+>", "", archive.read("word/document.xml").decode())
    for words in ("寄送办理过程单", "寄送课桌", "寄出", "registrar 某", "物品清单", "第二小学"):
        assert words in text, words
    assert re.search(r"[0-9a-f]{64}", text)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_pack_holds_the_events_of_all_steps_and_its_papers(cast: Cast, matter: Matter) -> None:
    cast.client("county_officer").post(step_address(matter, "approve"), {"weight": "3", "seen": "1", "note": ""})
    address = reverse("matter-pack", args=(matter.pk,))
    assert cast.client("registrar").get(address).status_code == 405
    answer = cast.client("registrar").post(address)
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        lines = archive.read("events.jsonl").decode().splitlines()
        names_inside = archive.namelist()
    rows = list(StepRecord.objects.filter(matter=matter).order_by("number"))
    expected = {seq for row in rows for seq in range(row.first_seq, row.event_seq + 1)}
    assert expected <= {json.loads(line)["event"]["seq"] for line in lines}
    assert [name for name in names_inside if name.endswith(".pdf")] != []
    assert cast.client("stranger").post(address).status_code == 404


def test_a_page_of_a_matter_asks_the_same_number_of_questions_however_long_its_history(
    cast: Cast, matter: Matter, django_assert_max_num_queries: Any
) -> None:
    client = cast.client("county_officer")
    address = reverse("matter", args=(matter.pk,))
    client.get(address)
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(60) as asked:
            client.get(address)
        counts.append(len(asked))
        for _step in range(4):
            seen = Matter.unguarded.get(pk=matter.pk).steps_done
            client.post(step_address(matter, "check"), {"seen": str(seen), "note": ""})
    assert counts[0] == counts[1]
    with in_reach(cast.reach("county_officer")):
        assert StepRecord.objects.filter(matter=matter).count() == 9


def test_files_of_a_form_that_comes_back_need_not_be_chosen_again(cast: Cast) -> None:
    client, other = cast.client("registrar"), cast.client("registrar")
    start = reverse("matter-start", args=("tests.parcel", "send"))
    once = client.get(start).context["page"].form["once"].value()
    given = {"receiver": str(cast.second_primary.pk), "content": "课桌", "weight": "3", "note": "", "once": once}
    wrong = client.post(start, {**given, "weight": "三", "paper_list": SimpleUploadedFile("清单.pdf", PDF)})
    assert wrong.status_code == 422
    assert "已收到 清单.pdf，不必再选" in wrong.content.decode()
    elsewhere = other.post(start, {**given, "once": "f" * 32})
    assert (elsewhere.status_code, "paper_list" in elsewhere.context["page"].form.errors) == (422, True)
    sha256 = HeldUpload.objects.get().sha256
    sent = client.post(start, given)
    assert sent.status_code == 302
    matter = Matter.unguarded.get()
    assert [(one.kind, one.name) for one in attachments_of("procedures.matter", matter.pk)] == [("list", "清单.pdf")]
    assert not HeldUpload.objects.exists()
    assert store.is_whole(store.digests_of(sha256)), "what a record has stays when nothing holds it any more"


def test_a_held_file_is_replaced_by_a_new_one_and_forgotten_after_a_day(cast: Cast, matter: Matter, clock: Any) -> None:
    client, step = cast.client("county_officer"), parcels.ParcelSending.approve
    step.may_bring = ("photo",)
    try:
        for name, content in (("一.pdf", PDF), ("二.pdf", PDF + b"2")):
            photo = SimpleUploadedFile(name, content)
            client.post(step_address(matter, "approve"), {"weight": "x", "seen": "1", "note": "", "paper_photo": photo})
        bad = SimpleUploadedFile("三.exe", b"MZ" + b"\0" * 100)
        client.post(step_address(matter, "approve"), {"weight": "x", "seen": "1", "note": "", "paper_photo": bad})
    finally:
        step.may_bring = ()
    held = HeldUpload.objects.get()
    assert held.name == "二.pdf"
    replaced = hashlib.sha256(PDF).hexdigest()
    assert StoredFile.objects.filter(sha256=replaced).exists(), "the parcel's own list is the same file"
    assert store.path_of(replaced).exists()
    assert forget_old() == "0"
    store.path_of(held.sha256).rename(store.path_of(held.sha256).with_suffix(".away"))
    assert held_uploads(held.user_id, held.form) == [], "a row that a kill left without its bytes"
    store.path_of(held.sha256).with_suffix(".away").rename(store.path_of(held.sha256))
    clock.shift(KEPT_FOR)
    assert forget_old() == "1"
    assert not store.path_of(held.sha256).exists()


def test_the_bytes_of_a_held_file_go_when_another_takes_its_place(cast: Cast) -> None:
    user = cast.users["registrar"].pk
    hashes = []
    for content in (PDF + b"first", PDF + b"second"):
        hold([("list", SimpleUploadedFile("清单.pdf", content))], user_id=user, form="x")
        hashes.append(hashlib.sha256(content).hexdigest())
    assert [store.path_of(one).exists() for one in hashes] == [False, True]
    hold([("list", SimpleUploadedFile("清单.pdf", PDF + b"second"))], user_id=user, form="x")
    assert store.path_of(hashes[1]).exists(), "the same file once more is not taken for the old one"
