"""A definition that changed has a new version: `definitions.json` holds what each version meant.

After raising a version: make generated.
"""

import json
from pathlib import Path

from xianxue.kernel import indicators

LOCK = Path(__file__).with_name("definitions.json")


def meanings() -> dict[str, dict[str, str]]:
    """Code → version → fingerprint, of the definitions as they are now."""
    return {item.code: {str(item.version): item.fingerprint} for item in indicators.all()}


def test_no_definition_changed_without_a_new_version() -> None:
    known = json.loads(LOCK.read_text(encoding="utf-8"))
    changed = [
        code
        for code, versions in meanings().items()
        for version, fingerprint in versions.items()
        if known.get(code, {}).get(version) != fingerprint
    ]
    assert changed == [], "raise `version` of these, then run: make generated"


def write() -> None:
    """Add the versions of now; those of earlier releases stay as they were."""
    known = json.loads(LOCK.read_text(encoding="utf-8")) if LOCK.exists() else {}
    for code, versions in meanings().items():
        known[code] = versions | known.get(code, {})
    LOCK.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
