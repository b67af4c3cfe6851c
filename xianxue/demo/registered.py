"""What the sheets of the house call their columns, where they are registered."""


def registered_labels(sheet: str) -> dict[str, str]:
    """Return column name → label of a registered sheet, or nothing where there is none of that code."""
    return {}
