"""Pages asked for in a process of its own, as a web worker's is.

Whoever has just read 100,000 rows for another measurement has a heap that they lie
about in, and answers half as fast again. A worker answers pages and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the child sets Django up before it imports what needs it
    from bench.watch import Watched


def asked_alone(database: str, post: int, pages: Sequence[str]) -> list[Watched]:
    """Return what each page took the holder of a post, asked for one after the other."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_asked, database, post, tuple(pages)).result()


def _asked(database: str, post: int, pages: tuple[str, ...]) -> list[Watched]:
    import django

    django.setup()
    from django.db import transaction

    from accounts.audit import system_scope
    from accounts.models import Post
    from bench.measuring import plain_static
    from bench.stage import connected
    from bench.watch import signed_in, watched

    with plain_static(), connected(database):
        with system_scope("性能测量"), transaction.atomic():
            who = Post.objects.select_related("user").get(pk=post)
        client = signed_in(who)
        return [watched(partial(client.get, page)) for page in pages]
