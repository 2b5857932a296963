"""Households, their categories, and who looks after whom. Every write names the post."""

from households.services.by_elections import file_by_election
from households.services.categories import add_category, edit_category, set_categories
from households.services.leaving import (
    accept_transfer,
    decline_transfer,
    offer_transfer,
    take_off_roll,
    withdraw_transfer,
)
from households.services.links import (
    LABELS,
    Move,
    Outdated,
    assign,
    label_link,
    leave_office,
    reassign,
)
from households.services.roll import ON_THE_ROLL, edit, enter, register

__all__ = [
    "LABELS",
    "ON_THE_ROLL",
    "Move",
    "Outdated",
    "accept_transfer",
    "add_category",
    "assign",
    "decline_transfer",
    "edit",
    "edit_category",
    "enter",
    "file_by_election",
    "label_link",
    "leave_office",
    "offer_transfer",
    "reassign",
    "register",
    "set_categories",
    "take_off_roll",
    "withdraw_transfer",
]
