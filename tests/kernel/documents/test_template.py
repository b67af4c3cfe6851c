import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianxue.kernel.documents import template
from xianxue.kernel.documents.model import FigureRun, Text
from xianxue.kernel.documents.template import Part, Placeholder, Words

ORIGINAL = "{year}年登记渡船{boats}，收入{income:wan/100}。"
LABELS = {"boats": "渡船数", "income": "渡运收入", "year": "年份"}

_name = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
_placeholder = st.builds(Placeholder, _name, st.sampled_from(["", "han", "wan/100", "yi/0.1"]))
_words = st.builds(Words, st.text(alphabet=st.one_of(st.sampled_from("{}:，。船"), st.characters()), min_size=1))


def _merged(parts: list[Part]) -> tuple[Part, ...]:
    merged: list[Part] = []
    for part in parts:
        if isinstance(part, Words) and merged and isinstance(last := merged[-1], Words):
            merged[-1] = Words(last.text + part.text)
        else:
            merged.append(part)
    return tuple(merged)


@given(st.lists(st.one_of(_words, _placeholder)))
def test_what_was_written_is_read_again(parts: list[Part]) -> None:
    assert template.parse(template.unparse(parts)) == _merged(parts)


@given(st.text(alphabet=st.one_of(st.sampled_from("{}:a，"), st.characters())))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    reason = template.problem_in(text, figures={"a"})
    if reason is None:
        assert template.parse(template.unparse(template.parse(text))) == template.parse(text)
    else:
        assert reason.endswith("。")


def test_a_sentence_falls_into_words_and_placeholders() -> None:
    assert template.parse("共{{两}}艘{boats: over/10 }。") == (
        Words("共{两}艘"),
        Placeholder("boats", "over/10"),
        Words("。"),
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("渡船{boats艘", "未能读懂句子：第 3 个字“{”没有成对。请补上另一半，或删去。"),
        ("渡船boats}艘", "未能读懂句子：第 8 个字“}”没有成对。请补上另一半，或删去。"),
        ("渡船{}艘", "未能读懂句子：第 3 个字处的花括号里没有名称。请填写数字的名称，或删去花括号。"),
        ("渡船{bots}艘", "未能使用这个句子：没有名为“bots”的数字。请核对花括号里的名称。"),
        ("渡船{boats:up}", "未能使用这个句子：数字“boats”的写法“up”无法识别。请恢复原来的写法。"),
    ],
)
def test_a_bad_sentence_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert template.problem_in(text, figures={"boats"}) == reason


def test_a_good_sentence_has_no_problem() -> None:
    assert template.problem_in(ORIGINAL, figures={"boats", "income"}, variables={"year"}) is None


@pytest.mark.parametrize(
    "edited",
    [
        ORIGINAL,
        "收入{income:wan/100}，渡船{boats}。",  # turned round, and the year gone
        "今年渡船{boats}艘次，收入{income:wan/100}！",
    ],
)
def test_words_and_order_are_free(edited: str) -> None:
    assert template.figures_kept(ORIGINAL, edited, variables={"year"}) is None


@pytest.mark.parametrize(
    ("edited", "named"),
    [
        ("渡船{boats}。", "{income:wan/100}"),
        ("渡船{boats}，收入2,200万元。", "{income:wan/100}"),
        ("渡船{boats}，收入{income}。", "{income:wan/100}"),
        ("渡船｛boats｝，收入{income:wan/100}。", "{boats}"),
        ("渡船{{boats}}，收入{income:wan/100}。", "{boats}"),
        ("渡船{boats}{boats}，收入{income:wan/100}。", "多出了数字 {boats}"),
        ("渡船{boats}，收入{income:wan/100}，渔网{nets}。", "多出了数字 {nets}"),
        ("渡船{boats，收入{income:wan/100}。", "没有成对"),
    ],
)
def test_figures_are_neither_dropped_nor_altered(edited: str, named: str) -> None:
    reason = template.figures_kept(ORIGINAL, edited, variables={"year"})
    assert reason is not None
    assert named in reason


@given(st.permutations(template.parse("甲{boats}乙{income:wan/100}丙{boats:han}丁")), st.lists(_words))
def test_figures_are_kept_in_any_order_and_company(parts: list[Part], words: list[Part]) -> None:
    original = "甲{boats}乙{income:wan/100}丙{boats:han}丁"
    assert template.figures_kept(original, template.unparse([*parts, *words])) is None


@given(st.integers(min_value=0, max_value=2))
def test_dropping_any_figure_is_noticed(place: int) -> None:
    figures = [Placeholder("boats"), Placeholder("income", "wan/100"), Placeholder("boats", "han")]
    edited = template.unparse(figure for index, figure in enumerate(figures) if index != place)
    assert template.figures_kept(template.unparse(figures), edited) is not None


def test_variables_become_words_and_figures_what_the_caller_makes_of_them() -> None:
    runs = template.fill(
        ORIGINAL,
        variables={"year": "2024"},
        figure=lambda part: FigureRun(f"<{part.format}>", "/figures/", part.name),
    )
    assert runs == (
        Text("2024年登记渡船"),
        FigureRun("<>", "/figures/", "boats"),
        Text("，收入"),
        FigureRun("<wan/100>", "/figures/", "income"),
        Text("。"),
    )


def test_an_office_edits_labels_and_the_formats_come_back() -> None:
    shown = template.with_labels(ORIGINAL, LABELS)
    assert shown == "{年份}年登记渡船{渡船数}，收入{渡运收入}。"
    edited = "收入{渡运收入}，渡船{渡船数}；{不明}。"
    assert template.from_labels(edited, ORIGINAL, LABELS) == "收入{income:wan/100}，渡船{boats}；{不明}。"
    assert template.from_labels(shown, ORIGINAL, LABELS) == ORIGINAL


def test_a_dropped_figure_is_named_by_its_label() -> None:
    reason = template.figures_kept(template.with_labels(ORIGINAL, LABELS), "收入{渡运收入}。", variables={"年份"})
    assert reason == "未能保存：句中的数字 {渡船数} 被删去或改动。数字由记录算出，只能移动位置；请恢复原样。"
