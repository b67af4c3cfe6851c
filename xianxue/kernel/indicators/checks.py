"""A wrong declaration stops the server, and says how it is mended."""

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from django.core.checks import CheckMessage, Error

from xianxue.kernel.indicators import periods, registry
from xianxue.kernel.indicators.registry import Indicator
from xianxue.kernel.ui.systems import systems

CODE = re.compile(r"[a-z]+(\.[a-z0-9_]+)+")


def check_indicators(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """All faults of all declarations."""
    found = [fault for item in registry.all() for fault in faults(item)]
    counted = Counter(item.figure for item in registry.all() if item.figure)
    for figure, times in counted.items():
        if times > 1:
            found.append(Error(f'The figure "{figure}" is delivered by {times} indicators.', id="indicators.E009",
                               hint="One number has one source: leave `figure` to one of them."))  # fmt: skip
    return found


def faults(item: Indicator) -> Iterator[CheckMessage]:
    """What is wrong with one declaration."""
    if not CODE.fullmatch(item.code):
        yield _error(item, "E001", "has no code of the form app.name", "Write it as aid.grants.")
    for name in ("label", "definition", "unit", "source", "grain"):
        if not str(getattr(item, name)).strip():
            yield _error(item, "E002", f"has no {name}", f"Say {name}=… in the declaration.")
    if not str(item.definition).endswith("。"):
        yield _error(item, "E003", "has a definition that is no sentence", "End it with 。")
    if item.system not in systems():
        yield _error(item, "E004", f'names the system "{item.system}"', _meant(item.system, list(systems())))
    if item.period not in periods.kinds():
        yield _error(item, "E005", f'is counted by "{item.period}"', _meant(item.period, periods.kinds()))
    if bool(item.operator) != (item.threshold is not None):
        yield _error(item, "E006", "has an operator without threshold, or the reverse", "Give both, or neither.")
    if item.beside and registry.find(item.beside) is None:
        codes = [other.code for other in registry.all()]
        yield _error(item, "E007", f'stands beside "{item.beside}", which is no indicator', _meant(item.beside, codes))
    if item.version < 1 or item.scale < 1 or item.times < 1 or item.places < 0:
        yield _error(item, "E008", "has a version, scale, times or places below what is possible", "Use 1, 1, 1, 0.")


def _error(item: Indicator, number: str, fault: str, hint: str) -> CheckMessage:
    return Error(f'Indicator "{item.code}" {fault}.', hint=hint, obj=item.build.__module__, id=f"indicators.{number}")


def _meant(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(filter(None, known))}."
