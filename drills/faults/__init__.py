"""The faults, F1 to F22 of the list: each makes its misfortune, and says what it saw."""

from drills.faults import people, servers, work
from drills.faults.stage import FAULTS, Fault, Stage

__all__ = ["FAULTS", "Fault", "Stage", "people", "servers", "work"]
