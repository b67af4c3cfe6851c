"""Migrations without wording: a label, a help text, a choice or a message is not in the database, so it makes none."""

from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState

MODEL_WORDS = ("verbose_name", "verbose_name_plural")
# The names with a dash before them keep what the declaration gave.
FIELD_WORDS = {
    "verbose_name": None, "_verbose_name": None, "help_text": "", "choices": None, "_error_messages": None
}  # fmt: skip


class WordlessAutodetector(MigrationAutodetector):
    """Compares what the database holds; wording in older migrations is passed over, too."""

    def __init__(
        self, from_state: ProjectState, to_state: ProjectState, questioner: MigrationQuestioner | None = None
    ) -> None:
        for state in (from_state, to_state):
            for model in state.models.values():
                _strip(model)
        super().__init__(from_state, to_state, questioner)


def _strip(model: ModelState) -> None:
    """Take the wording out of a model's state. Its fields and constraints are copies, made for the comparison."""
    for name in MODEL_WORDS:
        model.options.pop(name, None)
    for field in model.fields.values():
        for name, nothing in FIELD_WORDS.items():
            setattr(field, name, nothing)
    for constraint in model.options.get("constraints", ()):
        constraint.violation_error_message = constraint.default_violation_error_message


__all__ = ["WordlessAutodetector"]
