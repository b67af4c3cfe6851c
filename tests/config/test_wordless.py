"""A change of wording makes no migration, any other does."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from xianxue.aid.models import AidProgramme, RateCard
from xianxue.config.wordless import WordlessAutodetector


def _reword_a_label(fields: Any) -> None:
    fields["name"].verbose_name = "别的名称"


def _reword_a_choice(fields: Any) -> None:
    fields["source"].choices = [("x", "别的来源")]


def _reword_a_message(fields: Any) -> None:
    fields["name"]._error_messages = {"unique": "别的话"}


def _lengthen(fields: Any) -> None:
    fields["name"].max_length = 41


def _operations(change: Callable[[Any], None]) -> list[str]:
    """Kinds of operations that the change would make in the app `aid`."""
    wanted = ProjectState.from_apps(apps)
    change(wanted.models["aid", AidProgramme._meta.model_name].fields)
    loader = MigrationLoader(connection)
    changes = WordlessAutodetector(loader.project_state(), wanted).changes(graph=loader.graph)
    return [type(operation).__name__ for migration in changes.get("aid", ()) for operation in migration.operations]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "expected"),
    [(_reword_a_label, []), (_reword_a_choice, []), (_reword_a_message, []), (_lengthen, ["AlterField"])],
    ids=["label", "choice", "message", "length"],
)
def test_only_what_the_database_holds_makes_a_migration(change: Callable[[Any], None], expected: list[str]) -> None:
    assert _operations(change) == expected


def test_the_wording_of_the_models_themselves_stays() -> None:
    WordlessAutodetector(ProjectState.from_apps(apps), ProjectState.from_apps(apps))
    assert str(AidProgramme._meta.get_field("name").verbose_name) == "名称"
    (words, *_others) = [item.violation_error_message for item in RateCard._meta.constraints]
    assert str(words) == "未能保存：资助标准的失效日期早于生效日期。请核对两个日期。"
