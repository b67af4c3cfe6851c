"""How an operation says no: to the person at the command line, in words."""


class Stopped(Exception):
    """An operation was not done, or was undone again; the message says what, why, and what to do."""
