"""The catalogue of figures and the sentences of the yearly report agree with each other and hold no number."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from xianxue.kernel.documents import template
from xianxue.kernel.ui.systems import actions, systems

DATA = Path("xianxue/insight/data")
PUBLISHED = tomllib.loads(Path("tests/data/published_figures.toml").read_text(encoding="utf-8"))["figure"]
FIGURES = tomllib.loads((DATA / "figures.toml").read_text(encoding="utf-8"))["figure"]
TEXTS = tomllib.loads((DATA / "report.toml").read_text(encoding="utf-8"))
VARIABLES = {"year", "county", "bureau"}
ACTIONS = list(actions())
CODES = [figure["id"] for figure in FIGURES]
SYSTEM_OF = {figure["id"]: figure["system"] for figure in FIGURES}
ACTION_OF = {system.key: system.action for system in systems().values()}
SENTENCES: list[dict[str, Any]] = [sentence for variant in TEXTS.values() for sentence in variant["sentence"]]

each_variant = pytest.mark.parametrize("variant", ["report", "article"])
each_sentence = pytest.mark.parametrize("sentence", SENTENCES, ids=[sentence["id"] for sentence in SENTENCES])


def _codes(sentence: dict[str, Any]) -> list[str]:
    return [name for name in template.names_in(sentence["text"]) if name not in VARIABLES]


def test_the_catalogue_holds_the_published_figures_in_their_order() -> None:
    wanted = [(row["id"], row["system"], row["unit"], row["relation"] == "=") for row in PUBLISHED]
    assert [(row["id"], row["system"], row["unit"], row["wording"] == "exact") for row in FIGURES] == wanted


def test_the_catalogue_holds_no_values() -> None:
    allowed = {"id", "system", "action", "label", "unit", "direction", "wording"}
    assert [
        key for figure in FIGURES for key, value in figure.items() if key not in allowed or type(value) is not str
    ] == []


def test_labels_of_figures_and_systems_are_told_apart() -> None:
    assert len({figure["label"] for figure in FIGURES}) == len(FIGURES)
    assert len({system.label for system in systems().values()}) == len(systems())
    assert len([system for system in systems().values() if system.action in ACTIONS]) == 27


def test_every_figure_stands_under_the_action_of_its_system() -> None:
    assert [figure["id"] for figure in FIGURES if figure["action"] != ACTION_OF[figure["system"]]] == []


@each_variant
def test_every_figure_is_published_once(variant: str) -> None:
    used = [code for sentence in TEXTS[variant]["sentence"] for code in _codes(sentence)]
    assert sorted(used) == sorted(CODES)


@each_variant
def test_every_system_but_the_whole_is_spoken_of(variant: str) -> None:
    spoken_of = {sentence["system"] for sentence in TEXTS[variant]["sentence"] if "system" in sentence}
    assert {key for key, action in ACTION_OF.items() if action in ACTIONS} == spoken_of


@each_variant
def test_places_follow_the_actions(variant: str) -> None:
    places = list(dict.fromkeys(sentence["place"] for sentence in TEXTS[variant]["sentence"]))
    assert places == ["lead", *ACTIONS, "closing"]
    assert list(TEXTS[variant]["headings"]) == ACTIONS


@each_variant
def test_paragraphs_count_up_within_a_place(variant: str) -> None:
    for place in ["lead", *ACTIONS, "closing"]:
        numbers = [row["paragraph"] for row in TEXTS[variant]["sentence"] if row["place"] == place]
        assert numbers == sorted(numbers)
        assert set(numbers) == set(range(1, numbers[-1] + 1))


def test_sentences_have_names_of_their_own() -> None:
    assert len({sentence["id"] for sentence in SENTENCES}) == len(SENTENCES)


@each_sentence
def test_a_sentence_can_be_used(sentence: dict[str, Any]) -> None:
    assert template.problem_in(sentence["text"], figures=CODES, variables=VARIABLES) is None
    assert sentence["text"][-1] in "。？！"


@each_sentence
def test_a_sentence_speaks_of_one_system_in_its_place(sentence: dict[str, Any]) -> None:
    assert {SYSTEM_OF[code] for code in _codes(sentence)} <= {sentence.get("system")}
    assert ("system" in sentence) == (sentence.get("missing") in {"replace", "inline"})
    if "system" in sentence:
        assert ACTION_OF[sentence["system"]] == sentence["place"]


@each_sentence
def test_a_sentence_holds_no_number_of_its_own(sentence: dict[str, Any]) -> None:
    words = "".join(part.text for part in template.parse(sentence["text"]) if isinstance(part, template.Words))
    assert re.search(r"[0-9０-９％%]|[百千万亿]分?余|余[百千万亿]", words) is None


@each_sentence
def test_only_figures_that_the_county_rounds_are_cut(sentence: dict[str, Any]) -> None:
    exact = {figure["id"] for figure in FIGURES if figure["wording"] == "exact"}
    cut = {
        part.name
        for part in template.parse(sentence["text"])
        if isinstance(part, template.Placeholder) and part.format.partition("/")[0] in {"over", "wan", "yi"}
    }
    assert cut & exact == set()
