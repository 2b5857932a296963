"""联系户花名册 (ledger 2): its columns, and how its rows become households and links."""

from households.resources.checking import HouseholdLedger
from households.resources.columns import DECLARATION
from workbooks.importing import register

LEDGER = register(HouseholdLedger())

__all__ = ["DECLARATION", "LEDGER"]
