"""Two people at the same moment, in threads and transactions of their own."""

import threading
from collections.abc import Callable

from django.db import IntegrityError, connection

from accounts.services import Refused
from tests.cast import Cast, at

Act = Callable[[], object]


def one_after_the_other(cast: Cast, first: Act, second: Act) -> list[Exception]:
    """Let `second` begin while `first` is done but not committed; return refusals."""
    begun, may_commit = threading.Event(), threading.Event()
    refusals: list[Exception] = []

    def run_first() -> None:
        with at(cast.clerk):
            first()
            begun.set()
            may_commit.wait(timeout=10)
        connection.close()

    def run_second() -> None:
        begun.wait(timeout=10)
        try:
            with at(cast.secretary):
                threading.Timer(0.3, may_commit.set).start()
                second()
        except (Refused, IntegrityError) as refused:
            refusals.append(refused)
        connection.close()

    threads = [threading.Thread(target=act) for act in (run_first, run_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return refusals
