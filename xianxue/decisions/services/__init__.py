"""Commands of major decisions; importing this makes the steps of the procedures known."""

from xianxue.decisions.rules import checks as checks
from xianxue.decisions.services import archiving as archiving
from xianxue.decisions.services import catalogues as catalogues
from xianxue.decisions.services import execution as execution
from xianxue.decisions.services import findings as findings
from xianxue.decisions.services import letters as letters
from xianxue.decisions.services import proposals as proposals
from xianxue.decisions.services import publishing as publishing
from xianxue.decisions.services import rule_sets as rule_sets
from xianxue.decisions.services import tabling as tabling
