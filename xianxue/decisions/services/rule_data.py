"""The first version of the county's rules, as the release brings it."""

import tomllib
from pathlib import Path
from typing import Any

from django.utils import timezone

from xianxue.decisions.models import RuleSet

FILE = Path(__file__).parent.parent / "data" / "rules.toml"


def load_first_rules(model: Any = RuleSet) -> bool:
    """Write the rules of the release where there are none yet; returns whether it did. A county's own stay untouched.

    Leaves no history: what is loaded is part of the release and not somebody's decision. A migration passes its model.
    """
    if model.objects.exists():
        return False
    given = tomllib.loads(FILE.read_text(encoding="utf-8"))
    facts = {name: given.pop(name) for name in ("version", "source", "valid_from")}
    model.objects.create(**facts, rules=given, made_at=timezone.now())
    return True
