"""What the matters of changed key facts are about."""

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import sheets
from xianxue.kernel.crypto import SealedTextField
from xianxue.organisations.models import School, Unit
from xianxue.people.choices import KeyFactCause
from xianxue.people.models.about import ChildMatter
from xianxue.people.models.enrolments import Enrolment
from xianxue.people.models.persons import Person


class KeyFactChange(ChildMatter):
    """One pupil's name, sex, birth date or identity number, as they are and as they shall be.

    `cells` maps the sheet's column to [old, new] canonical text.
    """

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="key_fact_changes", verbose_name=_("学生"))
    pupil_name = models.CharField(_("姓名"), max_length=60)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("学籍"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    cause = models.CharField(_("变更原因"), max_length=10, choices=KeyFactCause)
    cells = SealedTextField(_("变更内容"))

    class Meta(ChildMatter.Meta):
        verbose_name = verbose_name_plural = _("关键信息变更")
        constraints = (
            models.UniqueConstraint(
                fields=("pupil",),
                condition=Q(is_open=True),
                name="one_open_key_fact_change_per_pupil",
                violation_error_message=_("未能提出：这名学生已有在办的关键信息变更。请先办完原有的一件。"),
            ),
        )

    def __str__(self) -> str:
        return self.matter_title()

    @property
    def changes(self) -> dict[str, list[str | None]]:
        """Old and new canonical text by the sheet's column."""
        found: dict[str, list[str | None]] = json.loads(self.cells)
        return found

    def matter_title(self) -> str:
        """Whose facts."""
        return _t("%(name)s 关键信息变更") % {"name": self.pupil_name}

    def parties(self) -> dict[str, int]:
        """The school and the county."""
        return {"school": self.school_id, "county": self.county_id}

    def facts(self) -> list[tuple[Any, str]]:
        """What changes, masked where it identifies."""
        found: list[tuple[Any, str]] = [(_("学校"), str(self.school)), (_("变更原因"), self.get_cause_display())]
        for name, (old, new) in self.changes.items():
            column = sheets.get("pupils").by_name[name]
            empty = _t("（空）")
            words = {"old": column.display(old) or empty, "new": column.display(new) or empty}
            found.append((column.label, _t("%(old)s → %(new)s") % words))
        return found
