"""What is written about organisations."""

from xianxue.organisations.services.classes import ClassWriter, name_head_teachers, provide_teacher_names
from xianxue.organisations.services.code_lists import LoadedLists, load_code_lists
from xianxue.organisations.services.removal import referenced
from xianxue.organisations.services.schools import SchoolWriter

__all__ = [
    "ClassWriter",
    "LoadedLists",
    "SchoolWriter",
    "load_code_lists",
    "name_head_teachers",
    "provide_teacher_names",
    "referenced",
]
