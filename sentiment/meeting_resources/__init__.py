"""Records of meetings (ledger 5) of before the system, on their way in."""

from sentiment.meeting_resources.reviews import ReviewImport
from sentiment.meeting_resources.talks import TalkImport
from workbooks.importing import register

TALKS = register(TalkImport())
REVIEWS = register(ReviewImport())

__all__ = ["REVIEWS", "TALKS"]
