"""The addresses of our own files: a deployment's, each worked out once."""

import json
from pathlib import Path
from typing import Any

import pytest

from shaodong.statics import Collected, Kept


def test_address_is_that_of_the_collected_file(tmp_path: Path, settings: Any) -> None:
    paths = {"css/app.css": "css/app.1234.css"}
    manifest = {"version": "1.1", "hash": "", "paths": paths}
    (tmp_path / "staticfiles.json").write_text(json.dumps(manifest))
    settings.STATIC_ROOT = tmp_path

    storage = Collected(location=tmp_path)

    for _ in range(2):
        assert storage.url("css/app.css") == "/static/css/app.1234.css"
        with pytest.raises(ValueError, match=r"css/none\.css"):
            storage.url("css/none.css")


def test_address_is_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = Kept()
    first = storage.url("js/app.js")
    monkeypatch.setattr(storage, "base_url", "/elsewhere/")

    assert storage.url("js/app.js") == first == "/static/js/app.js"
    assert storage.url("js/fit.js") == "/elsewhere/js/fit.js"
