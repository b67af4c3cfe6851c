"""Which rules hold: the version of a day, and a version as the checks read it."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xianxue.decisions.models import RuleSet
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.revisions import DEFAULT, Names, fraction_words, named_majority
from xianxue.kernel.columns import code_table
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock
from xianxue.organisations.selectors import reference_day

KEPT = 64


def in_force(day: date) -> QuerySet[RuleSet]:
    """The versions in force on a day, newest first; one, where the county keeps its versions in order."""
    found = RuleSet.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return found.order_by("-valid_from", "-pk")


def rule_set_on(day: date) -> RuleSet:
    """The version in force on a day; the first one for a day before all versions. Raises Refused where there is none."""
    found = in_force(day).first() or RuleSet.objects.order_by("valid_from", "pk").first()
    if found is None:
        raise Refused(_("未能取得三重一大规则：县里还没有制定任何版本。请县局先在“规则版本”中制定。"))
    return found


def newest() -> RuleSet:
    """The version that took force last, or will. Raises Refused where there is none."""
    found = RuleSet.objects.order_by("-valid_from", "-pk").first()
    if found is None:
        raise Refused(_("未能取得三重一大规则：县里还没有制定任何版本。请县局先在“规则版本”中制定。"))
    return found


def own_majorities() -> dict[str, str]:
    """The rules of the newest version that an entry can name, with what they say."""
    found = RuleSet.objects.order_by("-valid_from", "-pk").first()
    rules = found.rules["majorities"] if found else {}
    return {
        code: _("%(name)s（%(rule)s）") % {"name": named_majority(code), "rule": fraction_words(given)}
        for code, given in rules.items()
        if not code.startswith(DEFAULT)
    }


def names() -> Names:
    """What the codes in a version are called."""
    return Names(code_table("school_type").labels, code_table("payment_kind").labels)


def book_on(day: date) -> RuleBook:
    """The rules in force on a day. Raises Refused where the county has none."""
    return book_of(rule_set_on(day))


def book_of(rule_set: RuleSet) -> RuleBook:
    """A version as the checks read it; read once for each content. Raises KeyError, ValueError for rules that make no sense."""
    return _read(rule_set.version, json.dumps(rule_set.rules, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _read(version: str, rules: str) -> RuleBook:
    given: Mapping[str, Any] = json.loads(rules)
    return RuleBook.of(version, given)


def all_books() -> dict[int, RuleBook]:
    """Every version by its key. One query."""
    return {rule_set.pk: book_of(rule_set) for rule_set in RuleSet.objects.all()}


def checking_day() -> date:
    """As of which day the checks count: today; in the demonstration, whose past stands still, its last known day."""
    return min(reference_day(), clock.today()) if settings.DEMO else clock.today()
