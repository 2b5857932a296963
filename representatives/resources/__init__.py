"""代表花名册 (ledger 1) and 补选登记表 (ledger 6) on their way in."""

from representatives.resources.checking import RepresentativeLedger
from representatives.resources.columns import DECLARATION
from representatives.resources.past_elections import PastElectionImport
from workbooks.importing import register

LEDGER = register(RepresentativeLedger())
PAST_ELECTIONS = register(PastElectionImport())

__all__ = ["DECLARATION", "LEDGER", "PAST_ELECTIONS"]
