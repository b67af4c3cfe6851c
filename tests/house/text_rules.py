"""House rules for templates, style sheets, scripts, data and every other text of the repository."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from tests.house.sources import ROOT, Breach, Source

NAMESPACES = ("http://www.w3.org/",)
ADDRESS = re.compile(r"https?://[^\s\"'<>)]+")
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
INLINE = {
    "a script in the page": re.compile(r"<script\b(?![^>]*\b(?:src=|type=\"application/json\"))", re.IGNORECASE),
    "a style in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
}
# Written in two halves, so that this file keeps the rule that it holds.
REGISTRIES = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "npm" + "mirror.com",
    "mirrors." + "aliyun.com",
    "mirrors." + "tuna.tsinghua",
    "crates" + ".io",
)
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]")


def inline_code(source: Source) -> Iterator[Breach]:
    """Pages carry no script, style or handler of their own: the content security policy refuses them."""
    text = _without_comments(source.text)
    for what, pattern in INLINE.items():
        for found in pattern.finditer(text):
            yield source.breach(_line_start(text, found.end()), f"{what}: use a file, a class or a data attribute")


def external_hosts(source: Source) -> Iterator[Breach]:
    """Pages, styles and scripts load nothing from elsewhere; a county may have no internet."""
    for found in ADDRESS.finditer(source.text):
        if not found.group().startswith(NAMESPACES):
            yield source.breach(found.start(), f"{found.group()}: vendor the file, or say it in words")


def half_width_punctuation(source: Source) -> Iterator[Breach]:
    """Chinese pages use full-width punctuation."""
    for found in HALF_WIDTH.finditer(_without_comments(source.text)):
        yield source.breach(found.start(), f"half-width punctuation beside a hanzi: “{found.group()}”")


def registry_hosts(source: Source) -> Iterator[Breach]:
    """No file names a package registry: which one is used is the machine's own matter."""
    for host in REGISTRIES:
        if host in source.text:
            yield source.breach(source.text.index(host), f"{host}: see docs/decisions/0002-lock-without-hosts.md")


@cache
def published() -> frozenset[int]:
    """The published figures that no program could hold by chance, yuan also in 分."""
    figures = tomllib.loads((ROOT / "tests/data/published_figures.toml").read_text(encoding="utf-8"))["figure"]
    large = {figure["value"] for figure in figures if figure["value"] > 1000}
    odd = {figure["value"] for figure in figures if figure["value"] > 128 and figure["value"] % 100}
    return frozenset(large | odd | {value * 100 for value in large})


def published_figures(source: Source) -> Iterator[Breach]:
    """No published figure stands in program code: the county's rows must add up to it by themselves."""
    for found in re.finditer(r"(?<![\w.#])\d[\d_,]*\d(?![\w.]*\w)", source.text):
        digits = found.group().replace("_", "").replace(",", "")
        if digits.isdecimal() and int(digits) in published():
            yield source.breach(found.start(), f"{found.group()} is a published figure; compute it from rows")


def _without_comments(text: str) -> str:
    return COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def _line_start(text: str, end: int) -> int:
    return text.rfind("\n", 0, end) + 1
