import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xianxue.kernel.documents.numbers import GROUPED, Format, han, read_format, written, written_date

SCALE = {"": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8)}
CUTTING = ["over/10", "over/100", "over/1000", "wan", "wan/10", "wan/100", "yi", "yi/0.1", "yi/0.01", "yi/10"]

amounts = st.one_of(
    st.integers(min_value=0, max_value=10**13).map(Decimal),
    st.decimals(min_value=0, max_value=10**12, places=2),
    st.builds(lambda digits, zeros: Decimal(digits * 10**zeros), st.integers(0, 9999), st.integers(0, 8)),
)


def _format(text: str) -> Format:
    format = read_format(text)
    assert format is not None
    return format


def _read(text: str) -> Decimal:
    """The value that a reader takes from the words, “余” left aside."""
    found = re.fullmatch(r"(-?[\d,]+(?:\.\d+)?)余?([万亿]?)余?元", text)
    assert found, text
    return Decimal(found[1].replace(",", "")) * SCALE[found[2]]


@pytest.mark.parametrize(
    ("value", "unit", "format", "words"),
    [
        (31_205, "艘次", "", "31,205艘次"),
        (31_205, "艘次", "plain", "31205艘次"),
        (0, "艘", "", "0艘"),
        (Decimal("12.50"), "元", "", "12.50元"),
        (Decimal("12.00"), "元", "", "12元"),
        (Decimal("-1234.5"), "元", "", "-1,234.5元"),
        (None, "艘", "", "尚无记录"),
        (None, "元", "wan/100", "尚无记录"),
        (2, "批", "han", "两批"),
        (2, "", "han", "二"),
        (3, "所", "han", "三所"),
        (10, "个", "han", "十个"),
        (11, "个", "han", "11个"),
        (4_712, "名", "over/100", "4,700余名"),
        (4_700, "名", "over/100", "4,700名"),
        (47, "名", "over/100", "40余名"),
        (7, "名", "over/100", "7名"),
        (21_034_512, "元", "wan", "2,103万余元"),
        (21_034_512, "元", "wan/100", "2,100余万元"),
        (21_000_000, "元", "wan/100", "2,100万元"),
        (20_999_999, "元", "wan/100", "2,000余万元"),
        (210_345, "元", "wan/100", "20余万元"),
        (3_500, "元", "wan", "3,500元"),
        (123_456_789, "元", "yi/0.1", "1.2亿余元"),
        (123_456_789, "元", "yi", "1亿余元"),
        (1_234_567_890, "元", "yi/10", "10余亿元"),
        (5_000, "元", "yi", "5,000元"),
        (Decimal("99.96"), "%", "percent", "99.9%"),
        (Decimal("100.00"), "%", "percent", "100%"),
        (Decimal("0.04"), "%", "percent", "0.04%"),
        (Decimal("33.335"), "", "percent/0.01", "33.33%"),
        (Decimal("-0.5"), "百分点", "change", "下降0.5个百分点"),
        (Decimal("0.50"), "百分点", "change", "上升0.5个百分点"),
        (Decimal("0.0"), "百分点", "change", "持平"),
        (-3, "艘", "change", "下降3艘"),
    ],
)
def test_values_are_written_as_papers_write_them(value: Decimal | None, unit: str, format: str, words: str) -> None:
    assert written(value, unit, _format(format)) == words


@given(amounts, st.sampled_from(CUTTING))
def test_a_cut_value_never_says_more_than_there_is(value: Decimal, format: str) -> None:
    assert _read(written(value, "元", _format(format))) <= value


@given(amounts, st.sampled_from(CUTTING))
def test_yu_stands_where_something_was_cut_off_and_only_there(value: Decimal, format: str) -> None:
    words = written(value, "元", _format(format))
    assert ("余" in words) == (_read(words) != value)
    assert words.count("余") <= 1


@given(amounts, st.sampled_from(CUTTING))
def test_a_cut_value_lies_within_one_step(value: Decimal, format: str) -> None:
    name, _slash, step = format.partition("/")
    size = Decimal(step or 1) * {"over": Decimal(1), "wan": SCALE["万"], "yi": SCALE["亿"]}[name]
    assert value - _read(written(value, "元", _format(format))) < size


@given(amounts, st.sampled_from(CUTTING))
def test_something_is_never_cut_to_nothing(value: Decimal, format: str) -> None:
    shown = _read(written(value, "元", _format(format)))
    assert (shown == 0) == (value == 0)


@given(amounts)
def test_a_grouped_value_is_exact(value: Decimal) -> None:
    assert Decimal(written(value).replace(",", "")) == value


@given(st.decimals(min_value=0, max_value=100, places=6))
def test_a_percentage_is_never_rounded_up(value: Decimal) -> None:
    shown = Decimal(written(value, "%", _format("percent")).removesuffix("%"))
    assert shown <= value
    assert (shown == 100) == (value == 100)


@pytest.mark.parametrize("value", [1.5, True, "12"])
def test_only_exact_numbers_are_written(value: object) -> None:
    with pytest.raises(TypeError):
        written(value)  # type: ignore[arg-type]  # what is refused


def test_a_missing_number_is_none_and_not_nan() -> None:
    with pytest.raises(ValueError, match="None"):
        written(Decimal("NaN"))


@pytest.mark.parametrize(
    "text", ["wan/0", "wan/3", "wan/-1", "wan/", "wan/1.1", "grouped/10", "up", "wan/1e2", "/10", "yi/0.2"]
)
def test_unknown_formats_are_not_guessed(text: str) -> None:
    assert read_format(text) is None


def test_no_format_is_the_default() -> None:
    assert read_format("") == GROUPED


def test_han_numbers() -> None:
    assert [han(number) for number in (0, 1, 10, 11, 20, 21, 99)] == [
        "零",
        "一",
        "十",
        "十一",
        "二十",
        "二十一",
        "九十九",
    ]
    with pytest.raises(ValueError, match="99"):
        han(100)


def test_dates_have_no_leading_zeros() -> None:
    assert written_date(date(2024, 3, 5)) == "2024年3月5日"
