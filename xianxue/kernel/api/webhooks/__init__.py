"""Telling other systems of changes: which, where, signed, until they have it or it is given up."""
