"""Values in Chinese words and digits, as a paper writes them. Exact or cut towards zero, never rounded up.

A format is a name, where it takes one followed by a step: `grouped`, `wan/100`. What they make of values:

    grouped     31205 人次      31,205人次          (the default)
    plain       31205 人次      31205人次
    han         2 批            两批                 (up to ten; digits beyond)
    over/100    5318 名         5,300余名            (cut to hundreds; 5300 gives 5,300名)
    wan         36034512 元     3,603万余元
    wan/100     36034512 元     3,600余万元          (the step counts 万)
    yi/0.1      123456789 元    1.2亿余元            (the step counts 亿)
    percent     99.96 %         99.9%                (the step is 0.1 unless given)
    change      -0.5 百分点     下降0.5个百分点

“余” stands only where something was cut off: before 万 and 亿 after a round number, behind them otherwise.
A value smaller than the step is cut to a smaller step, or written in full, never to nothing.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal, localcontext

NO_RECORDS = "尚无记录"

_DIGITS = "零一二三四五六七八九"
_DEFAULT_STEPS = {"over": Decimal(10), "wan": Decimal(1), "yi": Decimal(1), "percent": Decimal("0.1")}
_NAMES = {"grouped", "plain", "han", "change", *_DEFAULT_STEPS}
_SCALES = {"over": (Decimal(1), ""), "wan": (Decimal(10_000), "万"), "yi": (Decimal(100_000_000), "亿")}


@dataclass(frozen=True, slots=True)
class Format:
    """How a value is written; see the module."""

    name: str = "grouped"
    step: Decimal | None = None


GROUPED = Format()


def read_format(text: str) -> Format | None:
    """The format that `text` names (empty: the default), or None where there is no such format."""
    name, slash, step = text.partition("/")
    if not text:
        return GROUPED
    if name not in _NAMES:
        return None
    if not slash:
        return Format(name, _DEFAULT_STEPS.get(name))
    if name not in _DEFAULT_STEPS or not _is_power_of_ten(step):
        return None
    return Format(name, Decimal(step))


def written(value: Decimal | int | None, unit: str = "", format: Format = GROUPED) -> str:
    """The value with its unit, or “尚无记录” where there is none.

    Raises TypeError for a float: what the records hold is exact, and so is what is published.
    """
    if value is None:
        return NO_RECORDS
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"A figure is an int or a Decimal, not {type(value).__name__}.")
    value = Decimal(value)
    if not value.is_finite():
        raise ValueError("A figure is a finite number; a missing one is None.")
    with localcontext(prec=max(60, len(value.as_tuple().digits) + 40)):
        return _write(value, unit, format)


def han(number: int) -> str:
    """A whole number from 0 to 99 in Chinese: 七, 十二, 四十. Raises ValueError outside."""
    if not 0 <= number <= 99:
        raise ValueError("Numbers beyond 99 are written in digits.")
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def written_date(day: date) -> str:
    """成文日期, in digits without leading zeros (GB/T 9704—2012 §7.3.5): 2024年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _write(value: Decimal, unit: str, format: Format) -> str:
    if format.name in _SCALES:
        return _scaled(value, unit, format)
    if format.name == "han":
        return _in_han(value, unit)
    if format.name == "percent":
        return _as_percent(value, format.step or _DEFAULT_STEPS["percent"]) + (unit or "%")
    if format.name == "change":
        return _as_change(value, unit)
    return (_plain(value) if format.name == "plain" else _grouped(value)) + unit


def _scaled(value: Decimal, unit: str, format: Format) -> str:
    scale, word = _SCALES[format.name]
    step = (format.step or _DEFAULT_STEPS[format.name]) * scale
    while step > abs(value) and step > scale:
        step /= 10
    cut = _cut(value, step)
    if not cut:
        return _grouped(value) + unit
    rest = "" if cut == value else "余"
    amount = _grouped(cut / scale)
    return f"{amount}{rest}{word}{unit}" if step >= 10 * scale else f"{amount}{word}{rest}{unit}"


def _in_han(value: Decimal, unit: str) -> str:
    if value != value.to_integral_value() or not 0 <= value <= 10:
        return _grouped(value) + unit
    return ("两" if value == 2 and unit else han(int(value))) + unit


def _as_percent(value: Decimal, step: Decimal) -> str:
    while value and step > abs(value):
        step /= 10
    return _plain(_cut(value, step))


def _as_change(value: Decimal, unit: str) -> str:
    if not value:
        return "持平"
    measure = "个" if unit == "百分点" else ""
    return ("上升" if value > 0 else "下降") + _plain(abs(value)) + measure + unit


def _cut(value: Decimal, step: Decimal) -> Decimal:
    """The multiple of `step` next to the value, towards zero."""
    return (value / step).to_integral_value(ROUND_DOWN) * step


def _plain(value: Decimal) -> str:
    if value == value.to_integral_value():
        return f"{int(value):d}"
    return f"{value:f}".rstrip("0")


def _grouped(value: Decimal) -> str:
    """Thousands apart; a whole number without places, any other with the places it was given (12.50)."""
    return f"{int(value):,d}" if value == value.to_integral_value() else f"{value:,f}"


def _is_power_of_ten(text: str) -> bool:
    whole, dot, places = text.partition(".")
    if dot:
        return whole == "0" and places[-1:] == "1" and set(places[:-1]) <= {"0"}
    return whole[:1] == "1" and set(whole[1:]) <= {"0"}
