"""Forms of the steps; importing this makes them known."""

from xianxue.decisions.forms import after as after
from xianxue.decisions.forms import catalogues as catalogues
from xianxue.decisions.forms import findings as findings
from xianxue.decisions.forms import letters as letters
from xianxue.decisions.forms import proposals as proposals
from xianxue.decisions.forms import revisions as revisions
