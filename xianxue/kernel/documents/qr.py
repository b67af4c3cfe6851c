"""QR codes for papers: black on white, sharp at any size, the same bytes for the same address."""

import base64
import io

import segno

# A code on paper is folded, stamped and copied: level M mends 15 % of it.
_LEVEL = "m"
_SCALE, _BORDER = 10, 2


def png(text: str) -> bytes:
    """A QR code as a black-and-white PNG."""
    stream = io.BytesIO()
    segno.make(text, error=_LEVEL, micro=False, boost_error=False).save(
        stream, kind="png", scale=_SCALE, border=_BORDER
    )
    return stream.getvalue()


def data_address(text: str) -> str:
    """The same as a `data:` address, for a page that stands alone."""
    return "data:image/png;base64," + base64.b64encode(png(text)).decode()
