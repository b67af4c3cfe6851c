"""The checks of an app in plain words, for the manual: what, when not, by which numbers, what to do."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xianxue.kernel.checks.book import Book
from xianxue.kernel.checks.check import Check
from xianxue.kernel.checks.choices import Certainty, Severity


@dataclass(frozen=True, slots=True)
class Words:
    """A check in words: when it fails, when it is skipped, what to do."""

    fails: str
    skipped: str
    todo: str


def as_markdown(
    head: str,
    checks: Iterable[Check],
    book: Book,
    guide: Mapping[str, Words],
    parameters: Mapping[tuple[str, str], str],
) -> str:
    """A page of the manual by the given version of the rules: under `head`, by group, every check.

    `guide`: code → its words; `parameters`: (code, name) → what the number is called. Raises KeyError for one without.
    """
    known = list(checks)
    lines = [head]
    for group in dict.fromkeys(check.group for check in known):
        if group:
            lines.append(f"## {group}\n")
        for check in known:
            if check.group == group:
                lines += _section(check, book, guide[check.code], parameters)
    return "\n".join(lines).rstrip() + "\n"


def _section(check: Check, book: Book, words: Words, parameters: Mapping[tuple[str, str], str]) -> Iterator[str]:
    setting = book.checks[check.code]
    yield f"### {check.code} {check.label}\n"
    yield f"- 程度：{Severity(setting.severity).label}；{Certainty(check.certainty).label}{'' if setting.is_on else '；已停用'}"
    yield f"- 依据：{check.source}"
    yield f"- 未通过：{words.fails}"
    yield f"- 未检查：{words.skipped}"
    if setting.parameters:
        numbers = (f"{parameters[check.code, name]}：{value}" for name, value in setting.parameters.items())
        yield f"- 参数：{'；'.join(numbers)}"
    yield f"- 怎么办：{words.todo}\n"
