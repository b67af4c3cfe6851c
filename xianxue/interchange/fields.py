"""The field lists of OneRoster as data (`data/oneroster.toml` names their source)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

HEAD = ("sourcedId", "status", "dateLastModified")


@dataclass(frozen=True)
class FileField:
    """A field of a file; `kind` is its type, `of` the enumeration or the file referred to."""

    name: str
    kind: str
    of: str = ""
    is_required: bool = False


@dataclass(frozen=True)
class Format:
    """All of it."""

    files: dict[str, tuple[FileField, ...]]
    enums: dict[str, tuple[str, ...]]
    versions: dict[str, str]
    others: tuple[str, ...]

    def header(self, file: str) -> list[str]:
        """The header row that the file must begin with."""
        return [*HEAD, *(item.name for item in self.files[file])]


def _field(text: str) -> FileField:
    name, _space, kind = text.partition(" ")
    kind, _colon, of = kind.partition(":")
    return FileField(name.removesuffix("!"), kind, of, is_required=name.endswith("!"))


@cache
def oneroster() -> Format:
    """The field lists."""
    text = resources.files("xianxue.interchange").joinpath("data/oneroster.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    manifest = dict(data["manifest"])
    others = tuple(manifest.pop("others"))
    files = {name: tuple(_field(item) for item in items) for name, items in data["files"].items()}
    return Format(files, {name: tuple(items) for name, items in data["enums"].items()}, manifest, others)
