"""Code lists from the files of this release: what the nation and the province fixed, as data."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

from xianxue.organisations.models import Code, CodeList

FOLDER = "data/code_lists"


@dataclass(frozen=True)
class LoadedLists:
    """What a loading did: the lists it wrote, and how many it found up to date."""

    written: tuple[str, ...]
    unchanged: int


def _files() -> Iterator[dict[str, Any]]:
    folder = resources.files("xianxue.organisations").joinpath(FOLDER)
    for file in sorted(folder.iterdir(), key=lambda found: found.name):
        if file.name.endswith(".toml"):
            yield tomllib.loads(file.read_text(encoding="utf-8"))


def load_code_lists(list_model: type[CodeList] = CodeList, code_model: type[Code] = Code) -> LoadedLists:
    """Write the lists whose version differs from the installed one; the same again changes nothing.

    A code that the file no longer has stays, for rows may carry it. Leaves no history: what is loaded is part of
    the release and not somebody's decision. A migration passes its own models.
    """
    installed = dict(list_model.objects.values_list("code", "version"))
    written, unchanged = [], 0
    for file in _files():
        if installed.get(file["code"]) == file["version"]:
            unchanged += 1
            continue
        _write(file, list_model, code_model)
        written.append(file["code"])
    return LoadedLists(tuple(written), unchanged)


def _write(file: dict[str, Any], list_model: type[CodeList], code_model: type[Code]) -> None:
    facts = {name: file[name] for name in ("label", "owner_level", "source", "version")}
    code_list, _created = list_model.objects.update_or_create(code=file["code"], defaults=facts)
    codes = [
        code_model(
            code_list=code_list,
            value=code["value"],
            label=code["label"],
            synonyms="|".join(code.get("synonyms", ())),
            order=order,
            valid_from=code.get("valid_from"),
            valid_to=code.get("valid_to"),
        )
        for order, code in enumerate(file["codes"], 1)
    ]
    code_model.objects.bulk_create(
        codes,
        update_conflicts=True,
        unique_fields=("code_list", "value"),
        update_fields=("label", "synonyms", "order", "valid_from", "valid_to"),
    )
