"""What the database itself refuses: quotas, entries and results, two people at once."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.services import Refused
from evaluations.models import Entry, HouseholdRating, RatingRound
from evaluations.rules.rounds import Act
from evaluations.services import rounds
from tests.cast import Cast, assemble, at
from tests.evaluations import stage
from tests.evaluations.stage import MODEL, praise, take
from tests.rolls import Rolls, set_up


def refuses(act: Callable[[], object]) -> None:
    """Assert that the database takes an act back."""
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_the_database_holds_the_quota(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    take(round_, Act.STRIKE, cast.clerk)
    model = stage.tier(round_, MODEL)
    some = list(round_.ratings.values_list("pk", flat=True)[:8])
    refuses(lambda: round_.ratings.filter(pk__in=some).update(tier=model))
    round_.ratings.filter(pk__in=some[:7]).update(tier=model)
    assert round_.ratings.filter(tier=model).count() == 7


def test_the_database_keeps_entries_and_results_as_they_were(
    cast: Cast, rolls: Rolls, round_: RatingRound
) -> None:
    home = rolls.held_by("李红英")[0]
    (entry,) = stage.write(round_, [home], stage.DONATION, cast.clerk)
    refuses(lambda: Entry.objects.filter(pk=entry.pk).update(points=50))
    refuses(lambda: Entry.objects.filter(pk=entry.pk).delete())
    stage.to_notice(cast, round_)
    row = stage.rating(round_, home)
    refuses(lambda: HouseholdRating.objects.filter(pk=row.pk).update(total=120))
    refuses(lambda: HouseholdRating.objects.filter(pk=row.pk).delete())
    late = copy_of(entry)
    refuses(lambda: late.save(force_insert=True))
    taken = {"withdrawn_at": timezone.now(), "withdrawn_by": cast.clerk.user}
    standing = Entry.objects.filter(pk=entry.pk)
    refuses(lambda: standing.update(**taken, withdrawal="太晚了"))
    HouseholdRating.objects.filter(pk=row.pk).update(mend="只改告知的话")


def copy_of(entry: Entry) -> Entry:
    """Return an unsaved copy of an entry."""
    return Entry(
        region_id=entry.region_id,
        round_id=entry.round_id,
        household_id=entry.household_id,
        item_id=entry.item_id,
        points=entry.points,
        on=entry.on,
        entered_by_id=entry.entered_by_id,
        entered_at=entry.entered_at,
    )


@pytest.fixture
def committed(own_database: str) -> tuple[Cast, RatingRound, list[int]]:
    """Commit a struck round with nine equals and one place left of seven."""
    with transaction.atomic():
        cast = assemble()
        rolls = set_up()
    scheme = stage.in_force(cast)
    with at(cast.secretary):
        round_ = stage.begun(cast, rolls, scheme)
        homes = rolls.held_by("张顺民")[:9]
    with at(cast.secretary):
        praise(round_, homes, cast.clerk)
        take(round_, Act.STRIKE, cast.clerk)
        for home in homes[:6]:
            rounds.place(
                rating=stage.rating(round_, home),
                tier=stage.tier(round_, MODEL).pk,
                reason="表决",
                version=round_.version,
                by=cast.clerk,
            )
        left = [stage.rating(round_, home).pk for home in homes[6:8]]
    return cast, round_, left


def test_two_people_cannot_both_give_the_last_place(
    committed: tuple[Cast, RatingRound, list[int]],
) -> None:
    cast, round_, left = committed
    together, refused = threading.Barrier(2), []

    def give(pk: int) -> None:
        try:
            with at(cast.secretary):
                row = HouseholdRating.objects.select_related("round").get(pk=pk)
                model = stage.tier(round_, MODEL).pk
                together.wait(timeout=10)
                rounds.place(
                    rating=row,
                    tier=model,
                    reason="表决",
                    version=round_.version,
                    by=cast.clerk,
                )
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=give, args=(pk,)) for pk in left]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    with at(cast.secretary):
        assert round_.ratings.filter(tier__name=MODEL).count() == 7
    assert len(refused) == 1
    assert "已经满了" in refused[0]
