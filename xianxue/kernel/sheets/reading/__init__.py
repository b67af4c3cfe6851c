"""From bytes to a frame of text: guards, formats, recognition."""
