"""The declaration of an indicator, and the registry of all of them."""

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Literal

from xianxue.kernel.access import Grant, everyone_signed_in
from xianxue.kernel.indicators.measures import Rows
from xianxue.kernel.indicators.periods import Period

Builder = Callable[[Period], Rows]
Direction = Literal["up", "down", ""]
Operator = Literal["", ">=", ">", "<=", "<", "="]


@dataclass(frozen=True)
class Indicator:
    """One number with one source.

    `definition` says in plain words what is counted; `source` names the document that asks for it; `unit` is the
    measure word. `period` is the kind of period, `grain` the kind of unit below which it is not told apart.
    `figure` is the id in the catalogue of published figures, `system` (a key of `ui.systems`) the part of the house that owns the records.
    `scale` divides the stored numerator (100 for 分 shown as 元); `times` multiplies a ratio (100 for percent), which
    is rounded half up to `places`. `additive` is False for counts of different persons.
    `beside` is the code of an indicator that must be read with this one (人 beside 人次). Values are for everybody in
    whose reach they lie; `view` says who may open the rows behind them.
    `parameters` names the values outside the records that the figure depends on in a period (a band, a rate): a
    published figure keeps them. `version` rises whenever the meaning changes; old versions keep their values.
    """

    code: str
    label: Any
    definition: Any
    unit: Any
    period: str
    grain: str
    source: Any
    build: Builder
    system: str
    figure: str = ""
    direction: Direction = ""
    operator: Operator = ""
    threshold: Decimal | None = None
    scale: int = 1
    times: int = 1
    places: int = 0
    additive: bool = True
    beside: str = ""
    order: int = 100
    view: Grant = everyone_signed_in
    expects: Callable[[Period], "set[int]"] | None = None
    parameters: Callable[[Period], Mapping[str, str]] | None = None
    version: int = 1

    def __str__(self) -> str:
        return self.code

    def number(self, numerator: int, denominator: int | None) -> int | Decimal | None:
        """The figure made of its parts; None for a ratio over nothing."""
        if denominator is None:
            return numerator if self.scale == 1 else Decimal(numerator) / self.scale
        if not denominator:
            return None
        exact = Decimal(numerator) / self.scale * self.times / denominator
        return exact.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)

    def meets(self, number: int | Decimal) -> bool | None:
        """Whether a value meets the threshold; None where there is none."""
        if self.threshold is None:
            return None
        return {
            ">=": number >= self.threshold,
            ">": number > self.threshold,
            "<=": number <= self.threshold,
            "<": number < self.threshold,
            "=": number == self.threshold,
        }[self.operator]

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that gives the number its meaning: words, unit, rule, and the code that finds the rows."""
        facts = [
            *(str(value) for value in (self.code, self.label, self.definition, self.unit, self.source)),
            *(str(value) for value in (self.period, self.grain, self.operator, self.threshold)),
            *(str(value) for value in (self.scale, self.times, self.places, self.additive)),
            _meaning(self.build),
        ]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _meaning(function: Builder) -> str:
    """The body of a function without comments, layout and decorator."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    body = tree.body if isinstance(tree, ast.FunctionDef) else [tree]
    words = [node for node in body if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))]
    return "\n".join(ast.unparse(node) for node in words)


_registry: dict[str, Indicator] = {}


def indicator(code: str, **facts: Any) -> Callable[[Builder], Builder]:
    """Declare the function `(period) -> Rows` as an indicator; see `Indicator` for what must be said.

    Raises ValueError when the code is taken; other faults are found by the system check, which says how to mend them.
    """

    def declare(build: Builder) -> Builder:
        if code in _registry:
            message = f"Two indicators have the code {code!r}."
            raise ValueError(message)
        _registry[code] = Indicator(code=code, build=build, **facts)
        return build

    return declare


def all() -> list[Indicator]:
    """Every indicator, in the order in which they are shown."""
    return sorted(_registry.values(), key=lambda item: (item.order, item.code))


def get(code: str) -> Indicator:
    """The indicator of that code. Raises KeyError."""
    return _registry[code]


def find(code: str) -> Indicator | None:
    """The indicator of that code, or None."""
    return _registry.get(code)


def by_figure() -> dict[str, Indicator]:
    """Indicators by the id of the published figure that they deliver."""
    return {item.figure: item for item in _registry.values() if item.figure}
