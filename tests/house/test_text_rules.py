"""Templates, style sheets, scripts and data keep the house rules, and each rule catches a breach."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import text_rules as rules
from tests.house.sources import ROOT, Breach, Source, report, repository, sources

Rule = Callable[[Source], Iterator[Breach]]
BINARY = (".png", ".ico", ".woff2", ".xlsx", ".xls", ".docx", ".zip", ".gz", ".pdf")


def breaches(rule: Rule, folder: str, *suffixes: str) -> str:
    return report(breach for source in sources(folder, *suffixes) for breach in rule(source))


def test_templates_carry_no_inline_code() -> None:
    assert breaches(rules.inline_code, "xianxue/", ".html") == ""


def test_pages_load_nothing_from_elsewhere() -> None:
    assert breaches(rules.external_hosts, "xianxue/", ".html", ".css", ".js", ".svg") == ""


def test_templates_use_full_width_punctuation() -> None:
    assert breaches(rules.half_width_punctuation, "xianxue/", ".html") == ""


def test_program_code_holds_no_published_figure() -> None:
    assert breaches(rules.published_figures, "xianxue/", ".py", ".html", ".js") == ""


def test_no_file_names_a_package_registry() -> None:
    texts = (
        Source(path, (ROOT / path).read_text(encoding="utf-8", errors="replace"))
        for path in repository()
        if not path.endswith(BINARY)
    )
    assert report(breach for source in texts for breach in rules.registry_hosts(source)) == ""


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (rules.inline_code, "<script>alert(1)</script>"),
        (rules.inline_code, "<style>p { color: red }</style>"),
        (rules.inline_code, '<p class="a"\n   style="color: red">'),
        (rules.inline_code, '<button onclick="go()">'),
        (rules.inline_code, '<a href="javascript:go()">'),
        (rules.external_hosts, '<script src="https://cdn.example/x.js"></script>'),
        (rules.half_width_punctuation, "<p>姓名:张三</p>"),
        (rules.registry_hosts, "index = https://" + rules.REGISTRIES[0] + "/simple"),
        (rules.published_figures, "GRANTS = 29634"),
        (rules.published_figures, "BUDGET_FEN = 21_000_000_00"),
        (rules.published_figures, "“资助 29,634 人次”"),
    ],
)
def test_a_breach_is_caught(rule: Rule, text: str) -> None:
    assert len(list(rule(Source("page.html", text)))) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (rules.inline_code, "<script src=\"{% static 'ui/ui.js' %}\" defer></script>"),
        (rules.inline_code, '<script type="application/json" id="figures">[]</script>'),
        (rules.inline_code, "{# <style> is refused by the policy #}"),
        (rules.inline_code, '<p data-on="1" class="style">{{ one }}</p>'),
        (rules.external_hosts, '<svg xmlns="http://www.w3.org/2000/svg">'),
        (rules.half_width_punctuation, "<p>上午 8:30 起：请到校。</p>"),
        (rules.published_figures, "WIDTH = 1024; NAME = 'x29634y'"),
    ],
)
def test_what_is_allowed_passes(rule: Rule, text: str) -> None:
    assert list(rule(Source("page.html", text))) == []
