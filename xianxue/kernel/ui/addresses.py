"""Addresses of pages, by hundreds: a list asks for one a row, and Django looks through all patterns for each."""

from collections.abc import Hashable

from django.urls import NoReverseMatch, get_resolver, get_script_prefix, get_urlconf, reverse

from .kept import Kept

# Stands where a row's number goes; no pattern of ours has it in its text.
_STAND_IN = 9_007_199_254_740_000


def address(url_name: str, *numbers: int) -> str:
    """As `reverse`, for a page whose address is told by numbers such as keys of rows. Raises NoReverseMatch."""
    pieces = _pieces.get((url_name, len(numbers), place()), lambda: _split(url_name, len(numbers)))
    texts = [str(int(number)) for number in numbers]
    if not all(map(str.isdecimal, texts)):
        # A negative number: Django says what is wrong with it.
        return reverse(url_name, args=numbers)
    return "".join([pieces[0], *(text + piece for text, piece in zip(texts, pieces[1:], strict=True))])


def address_or_nothing(url_name: str) -> str:
    """The address of a named page, or an empty text when this installation has none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def place() -> Hashable:
    """On what addresses depend besides their names: the application's patterns, and where it is mounted."""
    return get_resolver(get_urlconf()), get_script_prefix()


_pieces: Kept[list[str]] = Kept(2000)


def _split(url_name: str, count: int) -> list[str]:
    stand_ins = [_STAND_IN + number for number in range(count)]
    rest, pieces = reverse(url_name, args=stand_ins), []
    for stand_in in stand_ins:
        piece, _number, rest = rest.partition(str(stand_in))
        pieces.append(piece)
    return [*pieces, rest]
