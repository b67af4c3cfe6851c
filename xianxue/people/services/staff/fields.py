"""Which column of the staff's sheet is kept in which field."""

from xianxue.people.services.stored import Stored, texts

PERSON = (*texts("name", "sex"), Stored("born_on", "date"), *texts("ethnic_group", "political_status"))
POST = (
    *texts("staff_no", "post", "subject", "stage"),
    Stored("is_full_time_teacher", "flag"),
    Stored("began_work_on", "date"),
    Stored("started_on", "date"),
    *texts("degree", "title"),
)
# Column of the sheet → field of the licence.
PAPER = {"paper_kind": "kind", "paper_subject": "subject", "paper_no": "number"}
COLUMNS = (
    "school",
    *(stored.name for stored in (*PERSON, *POST)),
    *("id_number", "phone"),
    *PAPER,
)
