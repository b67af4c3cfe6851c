"""The page on the shape of the tree says what the tree is."""

import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/decisions/0001-shape.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
MODEL = re.compile(r"`([A-Z]\w+)(?:\(([^)]*)\))?`")
Layers = list[set[str]]


def told(start: str) -> Layers:
    """The line of the page that begins like this, as layers from above."""
    line = next(line for line in PAGE.splitlines() if line.startswith(start))
    return [set(layer.strip(" `").split(" | ")) for layer in line.removeprefix(start.partition("`")[0]).split(" > ")]


def kept(container: str) -> Layers:
    """What the contract over the container says, without the parts that are not built yet."""
    contract = next(item for item in CONTRACTS if container in item.get("containers", ()))
    folder = ROOT / container.replace(".", "/")
    layers = [set(re.findall(r"\((\w+)\)", layer)) for layer in contract["layers"]]
    if container in {"xianxue", "xianxue.kernel"}:
        layers = [{part for part in layer if (folder / part / "__init__.py").exists()} for layer in layers]
    return [layer for layer in layers if layer]


@pytest.mark.parametrize(
    ("start", "container"),
    [("`config`", "xianxue"), ("Inside the kernel: `", "xianxue.kernel"), ("Inside an app: `", "xianxue.people")],
)
def test_the_layers_of_the_page_are_those_of_the_contracts(start: str, container: str) -> None:
    assert told(start) == kept(container)


def test_the_models_of_the_page_exist_with_the_fields_that_it_names() -> None:
    lines = PAGE.partition("## Domain models")[2].splitlines()
    wrong, models = [], 0
    for app, names in (line.removeprefix("- ").split(": ", 1) for line in lines if line.startswith("- ")):
        for name, fields in MODEL.findall(names):
            models += 1
            model = apps.get_model(app, name)
            known = {field.name for field in model._meta.get_fields()}
            words = [field.split()[0] for field in fields.split(", ") if field and field != "…"]
            wrong += [f"{name}.{word}" for word in words if word not in known]
    assert wrong == []
    assert models > 20
