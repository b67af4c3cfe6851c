"""Every model and field has one Chinese term, and docs/glossary.md knows it."""

import re

from tools import glossary

HANZI = re.compile(r"[\u4e00-\u9fff]")
TEXT = glossary.GLOSSARY.read_text(encoding="utf-8")


def test_every_model_stands_in_the_glossary_under_its_chinese_name() -> None:
    assert glossary.unknown_models(glossary.concepts(TEXT)) == [], "run: make generated"


def test_every_field_stands_in_the_glossary() -> None:
    assert glossary.rendered(TEXT) == TEXT, "run: make generated"


def test_every_field_has_a_chinese_name() -> None:
    assert [row for row in glossary.field_rows() if not HANZI.search(row[1])] == []


def test_every_concept_has_one_chinese_term_and_a_meaning() -> None:
    rows = glossary.concepts(TEXT)
    assert [row for row in rows if not row[2]] == []
    assert len({row[0] for row in rows}) == len(rows)
    assert len({row[1] for row in rows}) == len(rows)


def test_a_model_that_is_missing_is_found() -> None:
    rows = [row for row in glossary.concepts(TEXT) if row[0] != "Person"]
    assert ("Person", "人员", "") in glossary.unknown_models(rows)
