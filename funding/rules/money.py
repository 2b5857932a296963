"""Money: yuan with two places, rounded half up, as accountants do it."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOUGHT = Decimal("0.00")


def yuan(amount: Decimal | int | str) -> Decimal:
    """Return an amount with two places, rounded half up."""
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def said(amount: Decimal) -> str:
    """Return an amount as sentences write it: 5,000.00 元."""
    return f"{amount:,.2f} 元"
