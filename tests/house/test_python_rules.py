"""Our Python files keep the house rules, and each rule catches a breach."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import python_rules as rules
from tests.house.sources import Breach, Source, report, sources

Rule = Callable[[Source], Iterator[Breach]]
LONG = "\n".join(["def long():", *["    pass"] * 41])

OPEN_DOOR = "class ListView(RegisterView):\n    def dispatch(self, request):\n        return self.get(request)"

CAUGHT: list[tuple[Rule, str, str]] = [
    (rules.long_functions, "xianxue/aid/services.py", LONG),
    (rules.long_modules, "xianxue/aid/services.py", "\n" * 401),
    (rules.overridden_save, "xianxue/aid/models.py", "class Grant(Model):\n    def save(self): ..."),
    (rules.signals, "xianxue/aid/apps.py", "from django.db.models.signals import post_save"),
    (rules.inline_imports, "xianxue/aid/views.py", "def page():\n    import polars  # circular"),
    (rules.raw_sql, "xianxue/aid/selectors.py", "connection.cursor()"),
    (rules.raw_sql, "xianxue/aid/selectors.py", "Grant.objects.raw('select 1')"),
    (rules.unguarded, "xianxue/aid/views.py", "Grant.unguarded.count()"),
    (rules.around_the_grant, "xianxue/kernel/resources/export.py", "register.rows().count()"),
    (rules.around_the_grant, "xianxue/aid/views.py", "rows = self.register.rows()"),
    (rules.around_the_grant, "xianxue/kernel/resources/listing.py", "'director' in reach.roles"),
    (rules.around_the_grant, "xianxue/kernel/resources/views/look.py", OPEN_DOOR),
    (rules.positional_placeholders, "xianxue/aid/views.py", "_('已导入 %s 行') % 1"),
    (rules.positional_placeholders, "xianxue/aid/views.py", "_('已导入 {} 行').format(1)"),
    (rules.half_width_punctuation, "xianxue/aid/views.py", "_('未能导入,请重试。')"),
    (rules.unfinished_refusals, "xianxue/aid/services.py", "raise Refused(_('未能批准'))"),
    (rules.grants_elsewhere, "xianxue/aid/services.py", "from xianxue.kernel.access import Actor, holds"),
    (rules.other_file_names, "xianxue/aid/utils.py", ""),
    (rules.other_file_names, "xianxue/meetings/utils.py", ""),
    (rules.unexplained_exceptions, "xianxue/aid/views.py", "import os  # noqa: F401"),
    (rules.unexplained_exceptions, "xianxue/aid/views.py", "x = f()  # type: ignore"),
    (rules.unexplained_exceptions, "xianxue/aid/views.py", "x = f()  # type: ignore[misc]"),
]
ALLOWED: list[tuple[Rule, str, str]] = [
    (rules.long_functions, "xianxue/aid/services.py", LONG.replace("    pass\n", "", 2)),
    (rules.inline_imports, "xianxue/aid/views.py", "def page():\n    import polars  # noqa: PLC0415 - slow import"),
    (rules.raw_sql, "xianxue/kernel/bulk/rows.py", "connection.cursor()"),
    (rules.unguarded, "xianxue/people/models.py", "Enrolment.unguarded.all()"),
    (rules.around_the_grant, "xianxue/kernel/resources/export.py", "register.visible().count()"),
    (
        rules.around_the_grant,
        "xianxue/kernel/resources/views/edit.py",
        OPEN_DOOR.replace("self.get", "super().dispatch"),
    ),
    (rules.positional_placeholders, "xianxue/aid/views.py", "_('已导入 %(rows)s 行，占 50%%') % {'rows': 1}"),
    (rules.half_width_punctuation, "xianxue/aid/views.py", "_('上午 8:30 起，见 /help?page=1')"),
    (rules.unfinished_refusals, "xianxue/aid/services.py", "raise Refused(_('未能批准：金额超过限额。请调整。'))"),
    (rules.grants_elsewhere, "xianxue/aid/access.py", "from xianxue.kernel.access import holds"),
    (rules.grants_elsewhere, "xianxue/kernel/evidence/views.py", "from xianxue.kernel.access import holds_any"),
    (rules.other_file_names, "xianxue/aid/services/grants.py", ""),
    (rules.unexplained_exceptions, "xianxue/aid/views.py", "import os  # noqa: F401, S404 - asked for by tests"),
    (rules.unexplained_exceptions, "xianxue/aid/views.py", "x = f()  # type: ignore[misc]  # stubs are wrong"),
]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_xianxue_keeps_the_rule(rule: Rule) -> None:
    assert report(breach for source in sources("xianxue/", ".py") for breach in rule(source)) == ""


@pytest.mark.parametrize("folder", ["tests/", "tools/", "bench/"])
@pytest.mark.parametrize("rule", rules.EVERYWHERE, ids=lambda rule: rule.__name__)
def test_the_code_around_xianxue_keeps_the_rule(rule: Rule, folder: str) -> None:
    assert report(breach for source in sources(folder, ".py") for breach in rule(source)) == ""


@pytest.mark.parametrize(("rule", "path", "text"), CAUGHT)
def test_a_breach_is_caught(rule: Rule, path: str, text: str) -> None:
    assert len(list(rule(Source(path, text)))) == 1


@pytest.mark.parametrize(("rule", "path", "text"), ALLOWED)
def test_what_is_allowed_passes(rule: Rule, path: str, text: str) -> None:
    assert list(rule(Source(path, text))) == []


def test_every_rule_is_shown_to_catch_a_breach() -> None:
    assert {rule for rule, _, _ in CAUGHT} == set(rules.RULES)
