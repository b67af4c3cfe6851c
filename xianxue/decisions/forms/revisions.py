"""Forms of a new version of the county's rules: its day, amounts, fractions, checks."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU
from xianxue.decisions.forms.catalogues import day_field, offer_units, units_of
from xianxue.decisions.procedures.revisions import ReviseRules as Steps
from xianxue.decisions.rules.manual import PARAMETERS
from xianxue.decisions.rules.outcomes import all_checks
from xianxue.decisions.rules.revisions import fraction_label, fraction_words, limit_label
from xianxue.decisions.selectors.rule_sets import names
from xianxue.kernel.checks.choices import Severity
from xianxue.kernel.columns import code_table
from xianxue.kernel.procedures import StepForm
from xianxue.meetings.rules.majority import Base
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit

OFF = "0"
PARTS = ((1, 2), (3, 5), (2, 3), (3, 4), (4, 5))
LARGEST = 100_000
"""Parameters of checks are hours, days, percents: none is larger."""


class FrameForm(StepForm):
    """Number, day, source, reason."""

    version = forms.CharField(label=_("版本号"), max_length=20, help_text=_("如：2025-1。"))
    valid_from = day_field(_("生效日期"), help_text=_("今天或以后。"))
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("县里的文件名称和文号。"))
    reason = forms.CharField(label=_("修改理由"), max_length=200)

    def prepare(self) -> None:
        """As it is now."""
        if self.subject is not None:
            for name in ("version", "valid_from", "source", "reason"):
                self.fields[name].initial = getattr(self.subject, name)


@Steps.draft.form
class DraftForm(FrameForm):
    """A new version of which county."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("县局"))
    field_order = ("unit", "version")

    def prepare(self) -> None:
        """The county over which one is in charge."""
        offer_units(self, units_of(BUREAU, kind=UnitKind.COUNTY))


Steps.set_frame.form(FrameForm)


def _yuan(label: Any, fen: int) -> forms.DecimalField:
    field = forms.DecimalField(label=label, min_value=1, max_digits=12, decimal_places=2)
    field.initial = fen // 100 if fen % 100 == 0 else f"{fen / 100:.2f}"
    return field


@Steps.set_limits.form
class LimitsForm(StepForm):
    """Amounts by type of school, and what needs no decision."""

    def prepare(self) -> None:
        """One amount for every type that the version names."""
        if self.subject is None:
            return
        rules, called = self.subject.rules, names()
        for code, fen in rules["thresholds"].items():
            label = _("%(limit)s（元）") % {"limit": limit_label(code, called)}
            self.fields[f"limit_{code}"] = _yuan(label, fen)
        self.fields["filing"] = _yuan(_("会前报备金额（元）"), rules["filing_threshold_fen"])
        kinds = list(code_table("payment_kind").labels.items())
        chosen = forms.CheckboxSelectMultiple
        self.fields["excluded"] = forms.MultipleChoiceField(
            label=_("不需要上会的支出"), choices=kinds, required=False, initial=rules["excluded"], widget=chosen
        )

    def clean(self) -> dict[str, Any]:
        """Amounts in 分, as the command takes them."""
        given = super().clean() or {}
        if self.errors:
            return given
        limits = {code: int(given.pop(f"limit_{code}") * 100) for code in self.subject.rules["thresholds"]}
        filing = int(given.pop("filing") * 100)
        return {**given, "thresholds": limits, "filing_threshold_fen": filing}


def _key(given: Mapping[str, Any]) -> str:
    return f"{given['num']}/{given['den']}/{int(bool(given['strict']))}/{given['base']}"


def _fraction(key: str) -> dict[str, Any]:
    num, den, strict, base = key.split("/")
    return {"num": int(num), "den": int(den), "strict": strict == "1", "base": base}


def _offered(now: Mapping[str, Any], bases: tuple[Base, ...]) -> list[tuple[str, str]]:
    """Fractions in use in such rules, and the one that holds now."""
    usual = [
        {"num": num, "den": den, "strict": strict, "base": str(base)}
        for base in bases
        for num, den in PARTS
        for strict in (False, True)
    ]
    found = {_key(given): fraction_words(given) for given in [*usual, now]}
    return list(found.items())


@Steps.set_majorities.form
class MajoritiesForm(StepForm):
    """How many must come, how many must agree."""

    def prepare(self) -> None:
        """One fraction for every rule of the version."""
        for part, code, given in self._rules():
            # Who must come is always counted of those who should.
            bases = tuple(Base) if part == "majorities" else (Base.ROSTER,)
            self.fields[f"{part}__{code}"] = forms.ChoiceField(
                label=fraction_label(part, code), choices=_offered(given, bases), initial=_key(given)
            )

    def _rules(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        if self.subject is not None:
            for part in ("quorum", "important_quorum", "majorities"):
                for code, given in self.subject.rules[part].items():
                    yield part, code, given

    def clean(self) -> dict[str, Any]:
        """Fractions by part and code."""
        given = super().clean() or {}
        if self.errors:
            return given
        found: dict[str, dict[str, Any]] = {}
        for part, code, _now in self._rules():
            found.setdefault(part, {})[code] = _fraction(given.pop(f"{part}__{code}"))
        return {**given, "fractions": found}


@Steps.set_checks.form
class ChecksForm(StepForm):
    """Every check with its severity, or off, and its numbers."""

    def prepare(self) -> None:
        """In the order of the checks, each with its numbers after it."""
        levels = [(OFF, _("停用")), *((str(value), label) for value, label in Severity.choices)]
        for check, setting in self._settings():
            now = str(setting["severity"]) if setting["is_on"] else OFF
            name = f"{check.code} {check.label}"
            self.fields[check.code] = forms.ChoiceField(label=name, choices=levels, initial=now)
            for parameter, value in setting["parameters"].items():
                label = f"{check.code} {PARAMETERS.get((check.code, parameter), parameter)}"
                self.fields[f"{check.code}__{parameter}"] = forms.IntegerField(
                    label=label, initial=value, min_value=0, max_value=LARGEST
                )

    def _settings(self) -> Iterator[tuple[Any, Mapping[str, Any]]]:
        if self.subject is not None:
            for check in all_checks():
                if check.code in self.subject.rules["checks"]:
                    yield check, self.subject.rules["checks"][check.code]

    def clean(self) -> dict[str, Any]:
        """Settings as a version keeps them; a check that is off keeps its severity."""
        given = super().clean() or {}
        if self.errors:
            return given
        found = {}
        for check, setting in self._settings():
            level = given.pop(check.code)
            found[check.code] = {
                "is_on": level != OFF,
                "severity": setting["severity"] if level == OFF else int(level),
                "parameters": {name: given.pop(f"{check.code}__{name}") for name in setting["parameters"]},
            }
        return {**given, "checks": found}
