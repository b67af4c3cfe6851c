"""Keep docs/glossary.md in step with the models: one Chinese term for every English name. Written by make generated.

The meanings of models and concepts are written by hand and kept; the table of fields is written anew.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.db.models import Model

GLOSSARY = Path(__file__).resolve().parents[1] / "docs" / "glossary.md"
ROW = re.compile(r"^\| ([^|]*) \| ([^|]*) \| ([^|]*?) ?\|$", re.MULTILINE)
CONCEPTS, FIELDS = "## 概念\n", "## 字段\n"
CONCEPT_HEAD = "| English | 中文 | 说明 |\n| --- | --- | --- |\n"
FIELD_HEAD = "| English | 中文 | 用在 |\n| --- | --- | --- |\n"

Row = tuple[str, str, str]


def our_models() -> list[type[Model]]:
    """Our own models, by name."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("xianxue."))
    return sorted(ours, key=lambda model: model.__name__)


def concepts(text: str) -> list[Row]:
    """The rows of the table of concepts: English, Chinese, meaning; written by hand."""
    section = text.partition(CONCEPTS)[2].partition(FIELDS)[0]
    return [(row[0], row[1], row[2]) for row in ROW.findall(section) if row[0] not in {"English", "---"}]


def field_rows() -> list[Row]:
    """English name, Chinese name and models of every field, by English name; primary keys that count up left out."""
    users: dict[tuple[str, str], list[str]] = defaultdict(list)
    for model in our_models():
        for field in model._meta.fields:
            if field.model is model and field.name != "id":
                users[field.name, str(field.verbose_name)].append(model.__name__)
    return [(english, chinese, ", ".join(models)) for (english, chinese), models in sorted(users.items())]


def unknown_models(rows: Iterable[Row]) -> list[Row]:
    """Models that the table of concepts lacks, or calls by another name."""
    known = {(english, chinese) for english, chinese, _ in rows}
    named = ((model.__name__, str(model._meta.verbose_name)) for model in our_models())
    return [(english, chinese, "") for english, chinese in named if (english, chinese) not in known]


def rendered(text: str) -> str:
    """The glossary with missing models added (their meaning left to be written) and the fields written anew."""
    rows = concepts(text)
    missing = unknown_models(rows)
    renamed = {english for english, _, _ in missing}
    kept = [row for row in rows if row[0] not in renamed]
    meanings = {english: meaning for english, _, meaning in rows}
    added = [(english, chinese, meanings.get(english, "")) for english, chinese, _ in missing]
    head = text.partition(CONCEPTS)[0]
    in_order = sorted([*kept, *added], key=lambda row: row[0].lower())
    return f"{head}{CONCEPTS}\n{CONCEPT_HEAD}{_table(in_order)}\n{FIELDS}\n{FIELD_HEAD}{_table(field_rows())}"


def _table(rows: Iterable[Row]) -> str:
    return "".join(f"| {english} | {chinese} | {last} |\n" for english, chinese, last in rows)


def write() -> None:
    """Write the glossary and say which meanings are still to be written."""
    text = rendered(GLOSSARY.read_text(encoding="utf-8"))
    GLOSSARY.write_text(text, encoding="utf-8")
    for english, chinese, meaning in concepts(text):
        if not meaning:
            print(f"docs/glossary.md: say what {english} {chinese} means")
