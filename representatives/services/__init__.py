"""Seats, mandates and the people in them. Every write names the post that acts."""

from representatives.candidacy import SERVES_ALREADY
from representatives.services.by_elections import (
    ActedMeanwhile,
    Plan,
    VacancyFacts,
    cancel,
    review,
    start,
    submit_plan,
)
from representatives.services.candidates import (
    add_candidate,
    drop_candidate,
    edit_candidate,
)
from representatives.services.filing import Filled, draft_notice, file_result
from representatives.services.people import (
    change_photo,
    edit_representative,
    end_mandate,
    enrol,
    give_seat,
    known_person,
    sealed_identity,
)
from representatives.services.revealing import reveal
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
from representatives.services.surveys import confirm_survey
from representatives.services.voting import (
    Sheet,
    check_sheet,
    current_count,
    record_round,
    set_aside,
)

__all__ = [
    "SERVES_ALREADY",
    "ActedMeanwhile",
    "Filled",
    "Plan",
    "Sheet",
    "VacancyFacts",
    "add_candidate",
    "add_seats",
    "cancel",
    "change_photo",
    "check_sheet",
    "close_account_post",
    "close_seat",
    "confirm_survey",
    "current_count",
    "draft_notice",
    "drop_candidate",
    "edit_candidate",
    "edit_constituency",
    "edit_representative",
    "end_constituency",
    "end_mandate",
    "enrol",
    "file_result",
    "give_account",
    "give_seat",
    "known_person",
    "open_constituency",
    "open_sign_in",
    "record_round",
    "renew_sign_in",
    "reveal",
    "review",
    "sealed_identity",
    "set_aside",
    "set_term",
    "start",
    "submit_plan",
    "village_group",
]
