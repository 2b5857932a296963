"""Every write of money, each in one transaction."""

from funding.services.accounts import keep_account
from funding.services.books import (
    BeyondBalance,
    Spending,
    carry_over,
    open_year,
    receive,
    spend,
    take_back,
)
from funding.services.many import Booking, book_many, take_back_many
from funding.services.resolutions import Adopted, adopt, withdraw
from funding.services.sheets import (
    back,
    check,
    lock,
    make,
    pay,
    post_up,
    refresh,
    sign,
    void,
)
from funding.services.standards import set_standard

__all__ = [
    "Adopted",
    "BeyondBalance",
    "Booking",
    "Spending",
    "adopt",
    "back",
    "book_many",
    "carry_over",
    "check",
    "keep_account",
    "lock",
    "make",
    "open_year",
    "pay",
    "post_up",
    "receive",
    "refresh",
    "set_standard",
    "sign",
    "spend",
    "take_back",
    "take_back_many",
    "void",
    "withdraw",
]
