"""Every source of work: whoever must act finds it, whoever may see it sees it waiting, and nobody else does."""

from collections.abc import Collection
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import PARTS
from tests.contracts.declared import works
from tests.contracts.stage import Stage
from xianxue.kernel.access import in_reach
from xianxue.kernel.work import all_sources
from xianxue.kernel.work import selectors as work
from xianxue.kernel.work.selectors import Which
from xianxue.meetings.procedures import MeetingRecord

pytestmark = pytest.mark.postgres
Waiting = dict[str, set[int]]


def on_the_list(stage: Stage, part: str, which: Which) -> Waiting:
    """Keys of what the part finds, by kind."""
    with in_reach(stage.cast.reach(part)) as reach:
        keys: Waiting = {}
        for item in work.items(reach, timezone.localdate(), which, work.EVERYTHING, first=0, count=500):
            assert item.line.title, item.kind.code
            assert item.line.asked, item.kind.code
            assert item.line.href, item.kind.code
            keys.setdefault(item.kind.code, set()).add(item.key)
        return keys


def named(parts: Collection[str]) -> str:
    return "、".join(sorted(parts)) or "nobody"


def test_every_source_has_a_sample() -> None:
    kinds = {kind.code for item in all_sources() for kind in item.kinds() if item.code != "procedures.steps"}
    assert set(works()) - {MeetingRecord.code} == kinds


def test_whoever_must_act_finds_it_and_nobody_else(stage: Stage) -> None:
    planted = {code: sample.make(stage) for code, sample in works().items()}
    finds: dict[tuple[str, Which], set[str]] = {
        (code, which): set() for code in planted for which in ("mine", "in_sight")
    }
    for part in PARTS:
        for which in ("mine", "in_sight"):
            waiting = on_the_list(stage, part, which)
            for code, key in planted.items():
                if key in waiting.get(code, ()):
                    finds[code, which].add(part)
        counts = work.waiting_counts(stage.cast.reach(part), timezone.localdate())
        assert counts["work"] == sum(map(len, on_the_list(stage, part, "mine").values())), part
    wrong: list[Any] = []
    for code, sample in works().items():
        mine, others = finds[code, "mine"], finds[code, "in_sight"] - finds[code, "mine"]
        if mine != set(sample.mine) or others != set(sample.seen):
            wrong.append(f"{code}: waits for {named(mine)}; seen by {named(others)}")
    assert wrong == [], "\n".join(wrong)
