"""No ring of imports is left, and one would be found."""

from pathlib import Path

import pytest

from tests.house.circles import imports_of, ring

ROOT = Path(__file__).parents[2]


def test_no_modules_import_one_another() -> None:
    imports = imports_of(ROOT, "xianxue")
    assert "xianxue.kernel.access.reach" in imports["xianxue.kernel.access.grants"]
    assert " → ".join(ring(imports)) == ""


@pytest.mark.parametrize(
    "second",
    [
        "from house.first import something\n",
        "import house.first\n",
        "def late():\n    from house import first\n",
        "def late():\n    from . import first\n",
    ],
)
def test_a_ring_is_found_even_where_a_function_hides_it(tmp_path: Path, second: str) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house/__init__.py").write_text("")
    (tmp_path / "house/first.py").write_text("from house.second import late\n")
    (tmp_path / "house/second.py").write_text(second)
    found = ring(imports_of(tmp_path, "house"))
    assert (found[0], set(found)) == (found[-1], {"house.first", "house.second"})


def test_types_and_what_is_read_once_the_models_are_loaded_make_no_ring(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house/__init__.py").write_text("")
    (tmp_path / "house/models.py").write_text("from house import apps\n")
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house import models\n"
    (tmp_path / "house/apps.py").write_text(f"{text}class A:\n    def ready(self):\n        from house import models\n")
    assert ring(imports_of(tmp_path, "house")) == []
