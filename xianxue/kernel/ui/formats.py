"""How values look on paper and on the page: dates, money, numbers, masks. Pure functions, text in and out."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
MINUS = "\N{MINUS SIGN}"
MASK = "•"

YearShown = Literal["auto", "always", "never"]


def china_date(day: date | None, *, year: YearShown = "auto", today: date | None = None) -> str:
    """9 月 13 日, with the year before it when it is not the year of `today` (default: today in China).

    The spaces do not break. None gives an empty text.
    """
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = in_china(day).date()
    reference = today or datetime.now(CHINA).date()
    with_year = year == "always" or (year == "auto" and day.year != reference.year)
    months = f"{day.month}\N{NO-BREAK SPACE}月\N{NO-BREAK SPACE}{day.day}\N{NO-BREAK SPACE}日"
    return f"{day.year}\N{NO-BREAK SPACE}年\N{NO-BREAK SPACE}{months}" if with_year else months


def china_moment(at: datetime | None, *, year: YearShown = "auto", today: date | None = None) -> str:
    """9 月 13 日 10:12 in China time. None gives an empty text."""
    if at is None:
        return ""
    local = in_china(at)
    return f"{china_date(local.date(), year=year, today=today)} {local:%H:%M}"


def in_china(at: datetime) -> datetime:
    """The moment in China time; a naive one is taken to be China time already."""
    return at.astimezone(CHINA) if at.tzinfo else at.replace(tzinfo=CHINA)


def grouped(value: float | Decimal, places: int | None = None) -> str:
    """12,345.6 with a true minus sign; `places` rounds half up, as people expect of a printed table."""
    number = Decimal(str(value))
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    text = f"{abs(number):,f}"
    return f"{MINUS}{text}" if number < 0 else text


def yuan(fen: int | None, *, places: int = 2) -> str:
    """Money held in 分 as 元: 125000 gives 1,250.00. None gives an empty text."""
    if fen is None:
        return ""
    return grouped(Decimal(fen) / 100, places)


def masked(text: str, *, head: int = 4, tail: int = 4) -> str:
    """The first and last characters with dots between; a text too short to hide anything becomes dots alone."""
    if len(text) <= head + tail:
        return MASK * len(text)
    return text[:head] + MASK * (len(text) - head - tail) + (text[-tail:] if tail else "")
