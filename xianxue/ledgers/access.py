"""Who keeps a school's ledgers, and who reads them: who records its meetings, and who reads what they decide."""

from xianxue.meetings import access as sitting

KEEPS_LEDGERS, READS = sitting.RECORDS, sitting.READS
