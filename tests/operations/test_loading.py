"""A process of the web is loaded whole before it answers."""

import gc

from django.urls import get_resolver

from shaodong.loading import load_whole


def test_what_is_loaded_is_out_of_the_collectors_sight() -> None:
    loaded = [get_resolver().url_patterns]
    load_whole()
    assert gc.get_freeze_count() > 100_000
    assert not any(known is loaded for known in gc.get_objects())
    mine: list[object] = [loaded]
    assert any(known is mine for known in gc.get_objects()), "what comes later is seen"
