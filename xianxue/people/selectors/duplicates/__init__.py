"""What is read in the search for duplicates."""

from xianxue.people.selectors.duplicates.blocks import Compared, compare
from xianxue.people.selectors.duplicates.elsewhere import paired_elsewhere
from xianxue.people.selectors.duplicates.material import Material, material, schools_of
from xianxue.people.selectors.duplicates.touched import head_of_log, partners_of, touched_since

__all__ = [
    "Compared",
    "Material",
    "compare",
    "head_of_log",
    "material",
    "paired_elsewhere",
    "partners_of",
    "schools_of",
    "touched_since",
]
