"""How names are spelt in pinyin: for sorting, and for finding people by initials."""

import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Any

PINYIN_LENGTH, INITIALS_LENGTH = 120, 30


@cache
def _readings() -> dict[str, Any]:
    file = resources.files("xianxue.people").joinpath("data/surnames.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=20_000)
def _syllable(character: str) -> str:
    """Reading of one character; Latin letters and digits in lower case; anything else, such as “·”, is dropped."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    if given := _readings()["given"].get(character):
        return str(given)
    from pypinyin import Style, pinyin  # noqa: PLC0415 - slow import: a quarter of a second of tables

    reading = pinyin(character, style=Style.NORMAL, errors="ignore", v_to_u=False)
    return str(reading[0][0]) if reading else ""


@lru_cache(maxsize=200_000)
def syllables(name: str) -> tuple[str, ...]:
    """The syllables of a name, surname first; ü is written v.

    Given names are read character by character, as their commonest reading in names: no table knows what parents meant.
    """
    tables = _readings()
    compound = tables["compound"].get(name[:2])
    if compound and len(name) > 2:
        return (*compound.split(), *filter(None, map(_syllable, name[2:])))
    first = tables["single"].get(name[:1]) or _syllable(name[:1]) if name else ""
    return tuple(filter(None, (first, *map(_syllable, name[1:]))))


def name_pinyin(name: str) -> str:
    """Pinyin without spaces, for sorting and for search by its beginning: ouyangxiaoming."""
    return "".join(syllables(name))[:PINYIN_LENGTH]


def name_initials(name: str) -> str:
    """First letters of the syllables: oyxm."""
    return "".join(syllable[0] for syllable in syllables(name))[:INITIALS_LENGTH]


def spelt(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pinyin and initials of many names, in their order."""
    return [(name_pinyin(name), name_initials(name)) for name in names]
