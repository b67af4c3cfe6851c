"""What `build` wrote: the files in the order in which they are to be sent, and what they should add up to."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from xianxue.demo.dirt import Planted

MANIFEST: Final = "manifest.json"
PLANTED: Final = "planted.json"


@dataclass(frozen=True, slots=True)
class SheetFile:
    """One file. `school` is the sender's code, empty for the bureau; `mends` names the spoiled file it replaces."""

    path: str
    sheet: str
    layout: str
    rows: int
    sender: str
    school: str = ""
    dirty: bool = False
    mends: str = ""


@dataclass(slots=True)
class Manifest:
    """The files of a county's year, the errors planted in them, and its numbers as planned."""

    folder: Path
    county: str
    seed: str
    scale: float
    files: list[SheetFile] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    expected: dict[str, int] = field(default_factory=dict)

    def write(self) -> None:
        """Write `manifest.json` and `planted.json` beside the workbooks."""
        whole = {
            "county": self.county,
            "seed": self.seed,
            "scale": self.scale,
            "expected": self.expected,
            "files": [asdict(file) for file in self.files],
        }
        self._write(MANIFEST, whole)
        self._write(PLANTED, [entry.as_dict() for entry in self.planted])

    def _write(self, name: str, content: object) -> None:
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (self.folder / name).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return the manifest that an earlier build left in a folder."""
        whole = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        planted = json.loads((folder / PLANTED).read_text(encoding="utf-8"))
        return cls(
            folder=folder,
            county=whole["county"],
            seed=whole["seed"],
            scale=whole["scale"],
            files=[SheetFile(**file) for file in whole["files"]],
            planted=[Planted(**entry) for entry in planted],
            expected=whole["expected"],
        )
