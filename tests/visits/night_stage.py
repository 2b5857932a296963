"""What the test of disasters puts into a database of its own; run as a program."""

import datetime as dt

import django


def furnish() -> str:
    """Open the cast's accounts and a village with overdue households; return a session."""
    from tests.cast import assemble, everywhere, signed_in
    from tests.visits.stage import make_walker

    cast = assemble()
    with everywhere():
        for n in range(6):
            heads = tuple(f"户主{n}{m}" for m in range(10))
            make_walker(f"walker{n}", heads, key=5, since=dt.date(2026, 1, 1))
    return signed_in(cast.township_staff).cookies["sessionid"].value


if __name__ == "__main__":
    django.setup()
    print(furnish())  # noqa: T201 - the test reads it
