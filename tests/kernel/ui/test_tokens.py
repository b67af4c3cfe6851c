"""The colours: enough contrast in both themes, named in one file only."""

import re
from pathlib import Path

import pytest

import xianxue.kernel.ui

STATIC = Path(xianxue.kernel.ui.__file__).parent / "static/ui"
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")
BLOCK = re.compile(r"(:root[^{]*)\{([^{}]*)\}")
# WCAG 2.1: 4.5 for text (1.4.3), 3 for outlines of controls and parts of charts (1.4.11).
TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in ("ground", "paper", "sunk", "hover")),
    *(
        (hue, ground, TEXT)
        for hue in ("dai", "zhusha", "zhuqing", "tenghuang")
        for ground in ("ground", "paper", "hover")
    ),
    *((hue, f"{hue}-soft", TEXT) for hue in ("dai", "zhusha", "zhuqing", "tenghuang")),
    *(("ink", f"{hue}-soft", TEXT) for hue in ("dai", "zhusha", "zhuqing", "tenghuang")),
    ("ink-3", "dai-soft", TEXT),
    ("on-dai", "dai", TEXT),
    ("on-dai", "dai-strong", TEXT),
    ("on-fill", "zhusha-fill", TEXT),
    ("edge", "paper", SHAPE),
    ("edge", "ground", SHAPE),
    ("chart-main", "paper", SHAPE),
]


def blocks() -> dict[str, dict[str, str]]:
    found = {}
    for selector, body in BLOCK.findall(TOKENS):
        found[selector.strip()] = dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))
    return found


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [":root", ':root[data-theme="dark"]'])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast_is_enough(theme: str, front: str, back: str, least: float) -> None:
    colours = blocks()[theme]
    assert contrast(colours[front], colours[back]) >= least


def test_the_dark_theme_is_the_same_whether_chosen_or_the_systems() -> None:
    found = blocks()
    assert found[':root:not([data-theme="light"])'] == found[':root[data-theme="dark"]']
    assert len(found[':root[data-theme="dark"]']) > 20


def test_only_the_tokens_name_colours() -> None:
    for path in STATIC.glob("*.css"):
        if path.name in {"tokens.css", "print.css", "big_screen.css"}:
            continue
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text(encoding="utf-8")), path.name


def test_every_token_that_is_used_exists() -> None:
    local = {"paper-font"}
    known = set(blocks()[":root"]) | local
    for path in [*STATIC.glob("*.css"), *STATIC.glob("controllers/*.js")]:
        used = set(re.findall(r"var\(--([\w-]+)\)", path.read_text(encoding="utf-8")))
        assert used <= known, (path.name, used - known)
