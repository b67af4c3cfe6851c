"""Who may do what with pupils, staff, and the matters about them."""

from xianxue.kernel.access import holds
from xianxue.organisations import roles

REGISTRAR = holds(roles.REGISTRAR)
HEAD = holds(roles.HEAD)
TEACHER = holds(roles.CLASS_TEACHER)
OFFICER = holds(roles.COUNTY_OFFICER)
DIRECTOR = holds(roles.DIRECTOR)
SCHOOL = REGISTRAR | HEAD

KEEPS = REGISTRAR | OFFICER
"""Who writes the records."""
SEES_RECORDS = SCHOOL | OFFICER | DIRECTOR | holds(roles.AUDITOR)
SEES_PUPILS = SEES_RECORDS | TEACHER
WATCHES_ROSTERS = SCHOOL | OFFICER | DIRECTOR
"""Who is told which schools have sent no roster."""

SEES_DUPLICATES = SCHOOL | OFFICER | holds(roles.AUDITOR)
JUDGES_DUPLICATES = SCHOOL | OFFICER
CONFIRMS_MERGES = HEAD | OFFICER

READS_RESTRICTED = REGISTRAR | TEACHER | OFFICER
OVERSEES_READING = HEAD | holds(roles.AUDITOR, roles.AUDIT_ADMIN)
