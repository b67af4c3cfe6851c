"""Names of firms as they are compared."""


def plain_name(name: str) -> str:
    """A firm's name without blanks and with one kind of brackets: what its spelling may vary in."""
    return "".join(name.split()).replace("(", "（").replace(")", "）")
