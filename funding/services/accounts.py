"""领款账号: where a representative's subsidy goes to; sealed, never in a notice."""

from typing import Any

from django.db import transaction

from accounts.editing import save_next
from accounts.models import Post
from accounts.sealing import Sealed
from accounts.services import Refused
from funding.models import PayAccount
from representatives.models import Representative

SHORTEST, LONGEST = 10, 25


@transaction.atomic
def keep_account(
    *, representative: Representative, bank: str, number: str, by: Post
) -> PayAccount:
    """Keep an account number, or put another in its place. Raises Refused.

    The row history says who changed it when, never the number itself.
    """
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isdecimal() or not SHORTEST <= len(digits) <= LONGEST:
        raise Refused(f"账号是 {SHORTEST} 到 {LONGEST} 位数字，请照卡面核对。")
    sealed: Any = Sealed.of(digits, "bank_account")
    kept, is_new = PayAccount.objects.select_for_update(no_key=True).get_or_create(
        representative=representative,
        defaults={
            "region_id": representative.region_id,
            "bank": bank.strip(),
            "number": sealed,
        },
    )
    if not is_new:
        save_next(kept, bank=bank.strip(), number=sealed)
    return kept
