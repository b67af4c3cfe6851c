"""Releases: the yearly report frozen with everything that its figures stand on, signed, and compared again later."""
