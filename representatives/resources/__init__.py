"""代表花名册 (ledger 1): its columns, and how its rows become people and mandates."""

from representatives.resources.checking import RepresentativeLedger
from representatives.resources.columns import DECLARATION
from workbooks.importing import register

LEDGER = register(RepresentativeLedger())

__all__ = ["DECLARATION", "LEDGER"]
