"""Which column of the pupils' sheet is kept in which field."""

from xianxue.people.services.stored import Stored, texts

PERSON = (
    *texts("name", "sex"),
    Stored("born_on", "date"),
    *texts("nationality", "ethnic_group", "political_status", "health", "blood_type", "former_name"),
    *texts("birthplace", "native_place", "household_place", "household_kind", "address", "postal_code"),
)
ENROLMENT = (
    *texts("class_no", "province_no"),
    Stored("entered_on", "month"),
    *texts("entry_mode", "boarding", "source"),
    *(
        Stored(name, "flag")
        for name in (
            *("is_only_child", "had_preschool", "is_left_behind", "is_migrant_child", "is_orphan"),
            *("is_martyr_child", "learns_in_regular_class", "needs_aid", "has_boarding_aid"),
        )
    ),
    *texts("disability"),
)
NUMBERS = ("student_no", "id_kind", "id_number")
PLACE = ("school", "grade", "class_number")
GUARDIANS = (1, 2)
GUARDIAN_PARTS = ("name", "relation", "id_number", "phone", "is_guardian")


def guardian_columns(order: int) -> tuple[str, ...]:
    """Names of the columns about the first or second guardian."""
    return tuple(f"guardian{order}_{part}" for part in GUARDIAN_PARTS)


COLUMNS = (
    *(stored.name for stored in (*PERSON, *ENROLMENT)),
    *NUMBERS,
    "phone",
    *PLACE,
    *(name for order in GUARDIANS for name in guardian_columns(order)),
)
