"""What the types of columns understand, refuse and show."""

from collections.abc import Iterator
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xianxue.kernel import columns
from xianxue.kernel.columns import Column, ColumnType, Referent, providers
from xianxue.kernel.columns.types.identity import check_character, has_sound_check_digit

# Every example is a query of its own; the bulk of the work is polars' start.
FEW = settings(max_examples=20)
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))
# Excel's serial dates are taken for dates from 1954 to 2064 only.
SERIAL_DAYS = st.dates(date(1954, 10, 4), date(2064, 4, 8))


class Table:
    labels = {"01": "汉族", "02": "蒙古族", "03": "回族"}
    spellings = {"01": "01", "汉族": "01", "汉": "01", "02": "02", "蒙古族": "02", "03": "03", "回族": "03"}


@pytest.fixture(autouse=True)
def lists() -> Iterator[None]:
    codes, references = providers._providers.codes, dict(providers._providers.references)
    columns.provide_codes(lambda _code: Table())
    columns.provide_references(
        "schools",
        lambda: [
            Referent(3, "城南小学", ("2136000011",)),
            Referent(4, "中心小学", ("甲",)),
            Referent(5, "中心小学", ("乙",)),
        ],
    )
    yield
    providers._providers.codes, providers._providers.references = codes, references


def canonical(type_: ColumnType, cell: str) -> str | None:
    return Column("cell", "格", type_).canonical(cell)


def problem(type_: ColumnType, cell: str) -> str | None:
    """Code of the first problem of a cell."""
    clean, parsed = pl.col("clean"), pl.col("parsed")
    frame = pl.DataFrame({"cell": [cell]}).with_columns(clean=type_.clean(pl.col("cell")))
    frame = frame.with_columns(parsed=type_.parse(clean))
    for check in type_.checks(clean, parsed):
        if frame.select(check.when).item():
            return check.code
    return type_.fault if frame["clean"][0] is not None and frame["parsed"][0] is None else None


def an_id_number(body: str) -> str:
    return body + check_character(body)


@FEW
@given(DAYS)
def test_a_day_is_understood_in_every_way_of_writing_it(day: date) -> None:
    year, month, number = day.year, day.month, day.day
    for cell in (
        f"{year}-{month:02}-{number:02}", f"{year}/{month}/{number}", f"{year}.{month}.{number}",
        f"{year}年{month}月{number}日", f"{year}{month:02}{number:02}", f" {year}－{month}－{number}\u00a0",
        f"{year}-{month:02}-{number:02} 00:00:00",
    ):  # fmt: skip
        assert canonical(columns.Date(), cell) == day.isoformat()


@FEW
@given(SERIAL_DAYS)
def test_a_serial_number_of_excel_is_its_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert canonical(columns.Date(), str(serial)) == day.isoformat()


@FEW
@given(DAYS)
def test_a_day_survives_the_way_to_python_and_back(day: date) -> None:
    type_ = columns.Date()
    assert type_.to_python(type_.from_python(day)) == day


@pytest.mark.parametrize(
    "cell", ["2015-02-30", "2015-13-01", "2015.9", "九月一日", "20151301", "0", "1899-01-01", "70000"]
)
def test_what_is_no_day_is_refused(cell: str) -> None:
    assert (canonical(columns.Date(), cell), problem(columns.Date(), cell)) == (None, "P103")


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        ("2015.9", "2015-09"),
        ("2015.10", "2015-10"),
        ("201509", "2015-09"),
        ("2015年9月", "2015-09"),
        ("2015-09-01", "2015-09"),
    ],
)
def test_a_month_is_understood(cell: str, month: str) -> None:
    assert canonical(columns.Month(), cell) == month


def test_a_month_that_lost_its_last_nought_is_not_guessed() -> None:
    assert problem(columns.Month(), "2015.1") == "P108"


@FEW
@given(st.integers(100000, 999999), DAYS, st.integers(0, 999))
def test_an_id_number_with_the_right_check_digit_is_understood_and_any_other_refused(
    area: int, day: date, serial: int
) -> None:
    number = an_id_number(f"{area}{day:%Y%m%d}{serial:03}")
    assert canonical(columns.IdNumber(), number) == number
    assert canonical(columns.IdNumber(), f"　'{number.lower()} ") == number
    for last in "0123456789X":
        if last != number[-1]:
            assert canonical(columns.IdNumber(), number[:-1] + last) is None


@FEW
@given(DAYS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_never_passes(day: date, place: int, shift: int) -> None:
    number = an_id_number(f"990000{day:%Y%m%d}123")
    wrong = "0" if number[place] == "X" else str((int(number[place]) + shift) % 10)
    assert canonical(columns.IdNumber(), number[:place] + wrong + number[place + 1 :]) is None


def test_many_numbers_are_judged_as_one_alone_is() -> None:
    bodies = [f"{place:02}0101{1990 + place}0101{place:03}" for place in range(40)]
    texts = [None, "", "1", "X", "٣" * 18, "abc" * 6]
    texts += [body + last for body in bodies for last in ("0", "X", check_character(body))]
    frame = pl.DataFrame({"text": texts}, schema={"text": pl.String})
    together = frame.select(has_sound_check_digit(pl.col("text"))).to_series().to_list()
    alone = [one.select(has_sound_check_digit(pl.col("text"))).item() for one in frame.iter_slices(1)]
    assert together == alone
    assert alone.count(True) >= len(bodies)


def test_the_well_known_number_is_right() -> None:
    assert canonical(columns.IdNumber(), "11010519491231002x") == "11010519491231002X"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("3.60922E+17", "P104"),
        ("360922201509010000", "P104"),
        ("110105491231002", "P107"),
        (an_id_number("11010519491331002"), "P106"),
        ("110105194912310021", "P105"),
        ("护照 E1234", "P111"),
    ],
)
def test_what_is_wrong_with_an_id_number_is_told_apart(cell: str, code: str) -> None:
    assert problem(columns.IdNumber(), cell) == code


@FEW
@given(st.sampled_from("GLJ"), DAYS, st.integers(0, 999))
def test_a_student_number_is_a_letter_and_a_sound_body(letter: str, day: date, serial: int) -> None:
    number = letter + an_id_number(f"990000{day:%Y%m%d}{serial:03}")
    assert canonical(columns.StudentNumber(), number.lower()) == number
    assert canonical(columns.StudentNumber(), "K" + number[1:]) is None


def test_the_body_of_a_temporary_number_is_not_read_as_a_date() -> None:
    number = "L" + an_id_number("99000099999999001")
    assert canonical(columns.StudentNumber(), number) == number


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("138 1234 5678", "13812345678"), ("+86-138-1234-5678", "13812345678"), ("13812345678.0", "13812345678"),
        ("0795-8822001", "0795-8822001"), ("（0795）8822001", "07958822001"), ("1381234567", None), ("见备注", None),
    ],
)  # fmt: skip
def test_a_telephone_number(cell: str, phone: str | None) -> None:
    assert canonical(columns.Phone(), cell) == phone


@FEW
@given(st.integers(-(10**9), 10**9))
def test_money_is_counted_in_fen_and_shown_in_yuan(fen: int) -> None:
    type_ = columns.Money()
    assert canonical(type_, type_.shown(str(fen))) == str(fen)


@pytest.mark.parametrize(
    ("cell", "fen"), [("1,250.5", "125050"), ("￥1250", "125000"), ("1250元", "125000"), (".5", "50"), ("1.005", None)]
)
def test_money_as_people_write_it(cell: str, fen: str | None) -> None:
    assert canonical(columns.Money(), cell) == fen


@FEW
@given(st.decimals(-1000, 1000, places=1))
def test_a_decimal_survives_the_way_to_text_and_back(number: object) -> None:
    type_ = columns.Decimal(1)
    text = type_.from_python(number)
    assert text is not None
    assert type_.from_python(type_.to_python(canonical(type_, text))) in (text, text.removeprefix("-"))


@pytest.mark.parametrize(("cell", "number"), [("12.0", "12"), ("1,200", "1200"), ("－3", "-3"), ("1.5", None)])
def test_a_whole_number(cell: str, number: str | None) -> None:
    assert canonical(columns.Integer(), cell) == number


def test_a_number_out_of_range_says_so() -> None:
    assert problem(columns.Integer(1, 9), "10") == "P109"


@pytest.mark.parametrize("cell", ["01", "1", "汉族", " 汉 族", "汉", "01-汉族", "汉族（01）"])
def test_a_code_by_value_label_or_synonym(cell: str) -> None:
    assert canonical(columns.Code("ethnic"), cell) == "01"


def test_a_code_that_is_not_in_the_list_is_refused_with_a_suggestion() -> None:
    type_ = columns.Code("ethnic")
    assert (problem(type_, "汉族人"), type_.suggest("汉族人"), type_.suggest("火星")) == ("P201", "汉族", "")


def test_a_reference_by_code_or_name_and_never_by_a_name_that_two_have() -> None:
    type_ = columns.Reference("schools")
    assert [canonical(type_, cell) for cell in ("城南小学", "2136000011", "2136000011.0", "乙")] == ["3", "3", "3", "5"]
    assert (canonical(type_, "中心小学"), problem(type_, "中心小学")) == (None, "P203")
    assert problem(type_, "城北小学") == "P202"


def test_another_school_is_no_suggestion() -> None:
    assert columns.Reference("schools").suggest("城南中学") == ""
    assert columns.Reference("schools").suggest("万载县城南小学") == "城南小学"


@pytest.mark.parametrize(
    ("cell", "name"), [("张 三", "张三"), ("张　小　三", "张小三"), ("阿依古丽•买买提", "阿依古丽·买买提")]
)
def test_a_name_is_tidied(cell: str, name: str) -> None:
    assert canonical(columns.Name(), cell) == name


def test_a_name_with_digits_is_refused() -> None:
    assert problem(columns.Name(), "张3") == "P101"


@pytest.mark.parametrize(("cell", "value"), [("是", "1"), ("√", "1"), ("Ｙ", "1"), ("无", "0"), ("也许", None)])
def test_yes_and_no(cell: str, value: str | None) -> None:
    assert canonical(columns.YesNo(), cell) == value


@pytest.mark.parametrize("cell", ["", "  ", "\u3000", "\u200b", "'", "\ufeff"])
def test_what_looks_empty_is_empty(cell: str) -> None:
    for type_ in (columns.Text(), columns.Name(), columns.Date(), columns.IdNumber(), columns.Code("ethnic")):
        assert (canonical(type_, cell), problem(type_, cell)) == (None, None)


def test_sealed_values_are_masked() -> None:
    column = Column("number", "身份证号", columns.IdNumber(), sealed=True)
    assert column.display("11010519491231002X") == "1101••••••••••002X"
    assert column.display("11010519491231002X", mask=False) == "11010519491231002X"
