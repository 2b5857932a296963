"""魏家桥镇: its three workbooks, imported as its own staff would."""

import datetime as dt
from collections import Counter
from pathlib import Path

from django.db import transaction

from accounts.models import Post
from households.models import Household
from regions.scoping import scope
from representatives.models import CommitteeTerm
from workbooks.importing import LEDGERS, Import, Verdict

DATA = Path(__file__).parent / "data"
TOWNSHIP = 430582113000
FILES = {
    "representatives": "430582113-代表花名册.xlsx",
    "households": "430582113-联系户花名册.xlsx",
    "visits": "430582113-走访记录表.xlsx",
}


def import_workbooks(post: Post, on: dt.date) -> dict[str, Counter[Verdict]]:
    """Import the three workbooks from the post of the township; return the balances.

    Rows that the importer refuses stay refused: they are the demo's real exceptions.
    A township that has households already is left alone.
    """
    with scope(post.scope(request="load_demo")):
        with transaction.atomic():
            if Household.objects.exists():
                return {}
        return {
            kind: Counter(
                checked.verdict
                for checked in Import(LEDGERS[kind], DATA / name, on=on).apply(by=post)
            )
            for kind, name in FILES.items()
        }


@transaction.atomic
def complete_terms() -> int:
    """Say how many sit on the committees whose terms the import set up; return how many.

    A roll names only the term's end, but the shares of an assembly count its members.
    """
    terms = CommitteeTerm.objects.filter(members=0).order_by("region_id")
    rows = list(terms)
    for index, term in enumerate(rows):
        term.members, term.women = (5, 1) if index % 3 else (7, 2)
    return CommitteeTerm.objects.bulk_update(rows, ["members", "women"])
