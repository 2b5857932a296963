"""Seats, mandates and the people in them. Every write names the post that acts."""

from representatives.services.people import (
    SERVES_ALREADY,
    edit_representative,
    end_mandate,
    enrol,
    give_seat,
    known_person,
    sealed_identity,
)
from representatives.services.seats import (
    add_seats,
    close_seat,
    edit_constituency,
    end_constituency,
    open_constituency,
    set_term,
    village_group,
)
from representatives.services.signing_in import (
    close_account_post,
    give_account,
    open_sign_in,
    renew_sign_in,
)

__all__ = [
    "SERVES_ALREADY",
    "add_seats",
    "close_account_post",
    "close_seat",
    "edit_constituency",
    "edit_representative",
    "end_constituency",
    "end_mandate",
    "enrol",
    "give_account",
    "give_seat",
    "known_person",
    "open_constituency",
    "open_sign_in",
    "renew_sign_in",
    "sealed_identity",
    "set_term",
    "village_group",
]
