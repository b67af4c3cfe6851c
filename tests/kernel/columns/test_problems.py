"""The catalogue of problems is complete, and the guide's page is printed from it."""

import re

import pytest

import xianxue.kernel.sheets.checking.kinds  # noqa: F401 - makes its codes known
from xianxue.kernel.columns import ProblemKind, problem_kinds, register_problems

CODE = re.compile(r"[PW]\d{3}")
PLACES = {"label", "value", "expected", "other", "count"}


@pytest.mark.parametrize("kind", problem_kinds(), ids=lambda kind: kind.code)
def test_every_code_has_all_its_parts(kind: ProblemKind) -> None:
    assert CODE.fullmatch(kind.code)
    for text in (kind.title, kind.message, kind.rule, kind.mend):
        assert str(text)
        assert set(re.findall(r"%\((\w+)\)s", str(text))) <= PLACES
    for text in (kind.message, kind.rule, kind.mend):
        # What a message is told of another may be a sentence of its own, or the whole of it.
        assert str(text).removesuffix("%(other)s")[-1:] in ("。", "")
    assert kind.severity == ("warning" if kind.code[0] == "W" else "error")


def test_a_code_is_given_once() -> None:
    taken = problem_kinds()[0]
    with pytest.raises(ValueError, match=taken.code):
        register_problems([ProblemKind(taken.code, "甲", "乙。", "丙。", "丁。")])
