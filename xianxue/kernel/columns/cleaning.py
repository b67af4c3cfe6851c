"""What nobody sees in a cell and every export carries: blanks of all kinds, full-width forms, the text mark."""

import polars as pl

# Soft hyphen, zero-width characters, byte order mark, bidirectional marks.
UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
BLANKS = r"[\s\u00a0\u2000-\u200a\u202f\u3000\x00-\x1f]+"
WIDE = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "．": ".", "。": "."}
_WIDE = str.maketrans(WIDE)


def tidy(raw: pl.Expr) -> pl.Expr:
    """Text as it is, without unseen characters, outer blanks and the apostrophe that Excel marks text with."""
    text = raw.str.replace_all(UNSEEN, "").str.replace_all(BLANKS, " ").str.strip_chars(" ")
    text = text.str.strip_prefix("'").str.strip_chars(" ")
    return pl.when(text != "").then(text)


def narrow(raw: pl.Expr) -> pl.Expr:
    """Like `tidy`, with full-width letters, digits and signs as half-width: for everything that is no prose."""
    return tidy(raw.str.replace_many(list(WIDE), list(WIDE.values())))


def joined(raw: pl.Expr) -> pl.Expr:
    """Like `narrow`, without any blanks: for numbers that people write in groups."""
    text = narrow(raw).str.replace_all(" ", "", literal=True)
    return pl.when(text != "").then(text)


def narrow_text(text: str) -> str:
    """One text in half-width, without blanks, lower case: for comparing headings and spellings."""
    return "".join(text.translate(_WIDE).split()).lower()
