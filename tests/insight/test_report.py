"""The yearly report: the office's words, the records' figures, and what is missing said as missing."""

from io import BytesIO
from typing import Any

import docx
import pytest
from django.urls import reverse

from tests.cast import Cast
from tests.kernel.indicators.sample import make_county
from xianxue.insight import report
from xianxue.insight.figures import write_report
from xianxue.insight.models import ReportSentence, Variant
from xianxue.insight.services import edit_sentence
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.documents import FigureRun
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.indicators import services

BY = system_actor("test")
AID = "care.aid"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_county()
    services.compute(2024, by=BY)
    return cast


def words(year: int = 2024, variant: str = Variant.REPORT) -> str:
    with whole_county("test"):
        made = report.build(year, variant)
    return "\n".join(
        text
        for section in made.sections
        for text in (
            *("".join(run.text for one in paragraph for run in one.runs) for paragraph in section.paragraphs),
            section.gap_text,
        )
    )


def test_figures_stand_in_the_sentences(cast: Cast) -> None:
    text = words()
    assert "资助学生3人次，资助金额1,562.5元。" in text
    assert "改扩建项目3个，其中列入县民生实事工程1个；已投用和将交付的学校可新增学位1,620个。" in text


def test_what_has_no_records_is_gathered_into_one_sentence(cast: Cast) -> None:
    assert "理论学习、宣传工作、周例会督办、绩效考核、书记校长课堂尚无记录。" in words()


def test_a_year_without_records_states_no_number(cast: Cast) -> None:
    services.compute(2019, by=BY)
    with whole_county("test"):
        made = report.build(2019, Variant.REPORT)
    figures = [
        run
        for section in made.sections
        for paragraph in section.paragraphs
        for one in paragraph
        for run in one.runs
        if isinstance(run, FigureRun)
    ]
    assert figures == []


def test_every_figure_of_the_report_leads_to_its_page(cast: Cast) -> None:
    with whole_county("test"):
        made = report.build(2024, Variant.REPORT)
    links = {
        run.code: run.href
        for section in made.sections
        for paragraph in section.paragraphs
        for one in paragraph
        for run in one.runs
        if isinstance(run, FigureRun)
    }
    assert links["aid_grants"] == "/figures/aid.grants/?year=2024"
    client = cast.client("director")
    assert all(client.get(href).status_code == 200 for href in links.values())


def test_the_page_shows_both_forms_and_the_numbers_of_the_headings(cast: Cast) -> None:
    client = cast.client("director")
    page = client.get("/report/?year=2024").content.decode()
    assert "五、关心关爱" in page
    assert "测试县" in page
    assert "一年过去" in client.get("/report/?year=2024&variant=article").content.decode()


@pytest.mark.parametrize("part", ["head", "registrar", "class_teacher"])
def test_a_school_has_no_report_of_the_county(part: str, cast: Cast) -> None:
    client = cast.client(part)
    for name in ("report", "report-docx", "report-article"):
        assert client.get(reverse(name)).status_code == 404, name


def test_the_paper_has_the_figures_and_links_them(cast: Cast) -> None:
    answer = cast.client("director").get("/report/docx/?year=2024")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
    paper = docx.Document(BytesIO(content))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "资助学生3人次" in text
    targets = [part.target_ref for part in paper.part.rels.values() if part.is_external]
    assert any(target.endswith("/figures/aid.grants/?year=2024") for target in targets)


def test_the_article_is_one_file_without_links(cast: Cast) -> None:
    answer = cast.client("director").get("/report/article/?year=2024")
    page = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a file is streamed
    assert "3人次" in page
    assert "<a " not in page
    assert "<script" not in page


def test_the_command_line_writes_both_files(cast: Cast, tmp_path: Any) -> None:
    with whole_county("test"):
        for name in ("report.docx", "report.html"):
            write_report(2024, tmp_path / name)
            assert (tmp_path / name).stat().st_size > 1_000


def sentence_page(cast: Cast, part: str = "director", sentence: str = AID) -> tuple[Any, str]:
    return cast.client(part), reverse("report-sentence", args=(2024, "report", sentence))


def test_the_office_changes_words_and_the_figures_stay(cast: Cast) -> None:
    client, address = sentence_page(cast)
    shown = client.get(address).context["form"].initial["text"]
    assert "{学生资助人次}" in shown
    answer = client.post(address, {"text": shown.replace("落实学生资助政策，", "不让一个孩子掉队，")})
    assert answer.status_code == 302
    assert "不让一个孩子掉队，全年资助学生3人次，资助金额1,562.5元。" in words()
    row = ReportSentence.objects.get()
    assert "{aid_amount_yuan:wan/100}" in row.text
    (event,) = events_of("insight.reportsentence", row.pk)
    assert event.changes["text"][1] == row.text


@pytest.mark.parametrize(
    "text", ["全年资助学生 999 人次。", "全年资助学生{学生资助人次}{学生资助人次}，金额{学生资助金额}。", "{"]
)
def test_a_figure_cannot_be_dropped_repeated_or_written_by_hand(text: str, cast: Cast) -> None:
    client, address = sentence_page(cast)
    answer = client.post(address, {"text": text})
    assert answer.status_code == 422
    assert not ReportSentence.objects.exists()
    with pytest.raises(Refused, match="未能"):
        edit_sentence(2024, "report", AID, text=text, by=BY)


def test_an_empty_text_takes_the_change_back(cast: Cast) -> None:
    changed = "资助学生{学生资助人次}，金额{学生资助金额}。"
    edit_sentence(2024, "report", AID, text=changed, by=BY)
    assert "\n资助学生3人次，金额1,562.5元。" in words()
    edit_sentence(2024, "report", AID, text=" ", by=BY)
    assert "落实学生资助政策" in words()


def test_words_of_one_year_do_not_change_another(cast: Cast) -> None:
    edit_sentence(2023, "report", AID, text="资助学生{学生资助人次}，金额{学生资助金额}。", by=BY)
    assert "落实学生资助政策" in words()


@pytest.mark.parametrize(
    ("part", "status"), [("director", 200), ("county_officer", 200), ("auditor", 403), ("head", 404)]
)
def test_who_may_change_the_words(part: str, status: int, cast: Cast) -> None:
    client, address = sentence_page(cast, part)
    assert client.get(address).status_code == status


def test_a_sentence_that_does_not_exist_is_404(cast: Cast) -> None:
    client, _address = sentence_page(cast)
    assert client.get(reverse("report-sentence", args=(2024, "report", "nothing"))).status_code == 404
    assert client.get(reverse("report-sentence", args=(2024, "leaflet", AID))).status_code == 404
