"""Sentences with figures in them: words that an office may change, placeholders that it may not.

A sentence reads `{year}年登记渡船{boats}，收入{income_yuan:wan/100}。`: in braces the code of a figure or the name of a
variable, then where wanted a format of `numbers`. `{{` and `}}` are braces that are meant as such.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.translation import gettext as _

from xianxue.kernel.documents.model import FigureRun, Run, Text
from xianxue.kernel.documents.numbers import read_format

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class Unreadable(ValueError):
    """A sentence cannot be read; the text of the error says why and what to do, for the user."""


@dataclass(frozen=True, slots=True)
class Words:
    """Text between placeholders."""

    text: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The place of a figure or a variable; `format` as it stands in the sentence, empty for the default."""

    name: str
    format: str = ""


Part: TypeAlias = Words | Placeholder


def parse(text: str) -> tuple[Part, ...]:
    """The parts of a sentence. Raises Unreadable for a brace without its partner, or nothing between the two."""
    parts: list[Part] = []
    words: list[str] = []
    at = 0
    for token in _TOKEN.finditer(text):
        words.append(text[at : token.start()])
        at = token.end()
        if token[0] in {"{{", "}}"}:
            words.append(token[0][0])
            continue
        placeholder = _placeholder(token)
        parts += _joined(words)
        parts.append(placeholder)
        words.clear()
    words.append(text[at:])
    return (*parts, *_joined(words))


def unparse(parts: Iterable[Part]) -> str:
    """The sentence that `parse` would read into these parts."""
    return "".join(_source(part) for part in parts)


def names_in(text: str) -> list[str]:
    """Names of the placeholders, in their order. Raises Unreadable."""
    return [part.name for part in parse(text) if isinstance(part, Placeholder)]


def problem_in(text: str, *, figures: Collection[str], variables: Collection[str] = ()) -> str | None:
    """Why the sentence cannot be used: a brace, an unknown name, an unknown format. None when it can."""
    try:
        parts = parse(text)
    except Unreadable as error:
        return str(error)
    for part in parts:
        if isinstance(part, Placeholder) and (reason := _placeholder_problem(part, figures, variables)):
            return reason
    return None


def figures_kept(original: str, edited: str, *, variables: Collection[str] = ()) -> str | None:
    """Why an edited sentence may not replace the original: it drops a figure, repeats it or writes it differently.

    The order is free, and the variables (year, county) may go. Compare two sentences `with_labels`, so that the reason
    names the figures as the office knows them. Raises Unreadable only for a bad original.
    """
    wanted = _figures(parse(original), variables)
    try:
        found = _figures(parse(edited), variables)
    except Unreadable as error:
        return str(error)
    if lost := sorted((wanted - found).keys(), key=_source):
        return _("未能保存：句中的数字 %(figures)s 被删去或改动。数字由记录算出，只能移动位置；请恢复原样。") % {
            "figures": "、".join(_source(figure) for figure in lost)
        }
    if added := sorted((found - wanted).keys(), key=_source):
        return _("未能保存：句中多出了数字 %(figures)s。请删去；需要的数字请在它所属的句子中引用。") % {
            "figures": "、".join(_source(figure) for figure in added)
        }
    return None


def fill(text: str, *, variables: Mapping[str, str], figure: Callable[[Placeholder], FigureRun]) -> tuple[Run, ...]:
    """The sentence as runs: variables become words, every other placeholder what `figure` makes of it."""
    runs: list[Run] = []
    for part in parse(text):
        if isinstance(part, Placeholder) and part.name not in variables:
            runs.append(figure(part))
            continue
        words = part.text if isinstance(part, Words) else variables[part.name]
        if runs and isinstance(last := runs[-1], Text):
            runs[-1] = Text(last.text + words)
        else:
            runs.append(Text(words))
    return tuple(runs)


def with_labels(text: str, labels: Mapping[str, str]) -> str:
    """The sentence as an office edits it: `{渡船数}` in place of `{boats}`; formats are left out."""
    return unparse(
        Placeholder(labels[part.name]) if isinstance(part, Placeholder) and part.name in labels else part
        for part in parse(text)
    )


def from_labels(edited: str, original: str, labels: Mapping[str, str]) -> str:
    """The sentence that `with_labels` showed and a person changed, with codes again and the original's formats.

    A label that is not known stays as it is, for `problem_in` to name. Raises Unreadable.
    """
    codes = {label: code for code, label in labels.items()}
    formats: dict[str, list[str]] = {}
    for part in parse(original):
        if isinstance(part, Placeholder):
            formats.setdefault(part.name, []).append(part.format)
    return unparse(_with_code(part, codes, formats) for part in parse(edited))


def _with_code(part: Part, codes: Mapping[str, str], formats: Mapping[str, list[str]]) -> Part:
    if isinstance(part, Words):
        return part
    code = codes.get(part.name, part.name)
    left = formats.get(code)
    return Placeholder(code, part.format or (left.pop(0) if left else ""))


def _placeholder(token: re.Match[str]) -> Placeholder:
    if token[1] is None:
        raise Unreadable(
            _("未能读懂句子：第 %(place)s 个字“%(brace)s”没有成对。请补上另一半，或删去。")
            % {"place": token.start() + 1, "brace": token[0]}
        )
    name, _colon, format = token[1].partition(":")
    if not name.strip():
        raise Unreadable(
            _("未能读懂句子：第 %(place)s 个字处的花括号里没有名称。请填写数字的名称，或删去花括号。")
            % {"place": token.start() + 1}
        )
    return Placeholder(name.strip(), format.strip())


def _placeholder_problem(part: Placeholder, figures: Collection[str], variables: Collection[str]) -> str | None:
    if part.name in variables:
        return None
    if part.name not in figures:
        return _("未能使用这个句子：没有名为“%(name)s”的数字。请核对花括号里的名称。") % {"name": part.name}
    if read_format(part.format) is None:
        return _("未能使用这个句子：数字“%(name)s”的写法“%(format)s”无法识别。请恢复原来的写法。") % {
            "name": part.name,
            "format": part.format,
        }
    return None


def _figures(parts: Iterable[Part], variables: Collection[str]) -> Counter[Placeholder]:
    return Counter(part for part in parts if isinstance(part, Placeholder) and part.name not in variables)


def _joined(words: list[str]) -> Iterator[Words]:
    if text := "".join(words):
        yield Words(text)


def _source(part: Part) -> str:
    if isinstance(part, Words):
        return part.text.replace("{", "{{").replace("}", "}}")
    return "{" + part.name + (f":{part.format}" if part.format else "") + "}"
