"""Checks single cells, for the tests of values."""

from datetime import date

from tests.workbooks.making import TODAY
from workbooks.declaration import Column, Kind
from workbooks.values import Doubt, Mended, check_for
from workbooks.values.outcomes import Outcome


def check(kind: Kind, raw: object, **options) -> Outcome:
    column = Column("it", ("它",), kind, **options)
    return check_for(column, on=TODAY)(raw)


def value(outcome: Outcome) -> object:
    return outcome.value if isinstance(outcome, Mended | Doubt) else outcome


def code(outcome: Outcome) -> str:
    assert not isinstance(outcome, str | int | date | tuple | None), outcome
    return outcome.code


DANGEROUS = [
    '=HYPERLINK("http://x.example/")',
    "+1",
    "-1",
    "@SUM(A1)",
    "==1",
    "＝1",
    "=cmd|'/c calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s",
    "'; DROP TABLE x; --",
    "../../x",
    "${jndi:ldap://x}",
]
