"""Taking a roll out on the page: two clicks, one's own files, a week."""

import datetime as dt
import os
import re
import time
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import AccessEntry, Action
from jobs.models import Job
from reports import exports
from reports.centre import files
from reports.tasks import tidy_exports
from tests.cast import Cast, at, everywhere, signed_in
from tests.rolls import Rolls, text_of

NEW = "/exports/new/?kind=households"


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files apart, and let no test look for a broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


@pytest.fixture
def press(django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that sends the form; what waits for the commit is done."""

    def send(browser: Any, url: str = NEW, **answers: str) -> Any:
        answers.setdefault("token", str(uuid.uuid4()))
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(url, {"numbers": "masked", **answers})

    return send


def test_two_clicks_bring_the_file(cast: Cast, rolls: Rolls, press: Any) -> None:
    browser = signed_in(cast.secretary)
    asked = browser.get(f"{NEW}&contact=no")
    assert "2 户" in text_of(asked)
    assert "没有联系人" in text_of(asked)

    answer = press(browser, f"{NEW}&contact=no")
    page = browser.get(answer.url)

    found = re.search(
        r'http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode()
    )
    assert found
    file = browser.get(found[1])
    assert file.content.startswith(b"PK")
    assert "filename*=utf-8''" in file["Content-Disposition"]
    assert "attachment" in file["Content-Disposition"]


def test_whole_numbers_without_a_reason_are_refused_on_the_form(
    cast: Cast, rolls: Rolls, press: Any
) -> None:
    answer = press(signed_in(cast.secretary), numbers="full", reason=" ")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "请写明为什么要完整号码" in text_of(answer)


def test_post_without_the_right_is_not_offered_whole_numbers(
    cast: Cast, rolls: Rolls, press: Any
) -> None:
    browser = signed_in(cast.township_staff)
    assert "完整号码" not in text_of(browser.get(NEW))

    answer = press(browser, numbers="full", reason="想要")

    with everywhere():
        job = Job.objects.get(kind=exports.KIND)
    assert answer.status_code == HTTPStatus.FOUND
    assert job.arguments["full"] is False


def test_pressing_twice_asks_once(cast: Cast, rolls: Rolls, press: Any) -> None:
    browser, token = signed_in(cast.secretary), str(uuid.uuid4())

    first, second = press(browser, token=token), press(browser, token=token)

    assert first.url == second.url
    with everywhere():
        assert Job.objects.filter(kind=exports.KIND).count() == 1


@pytest.mark.parametrize("address", ["", "progress/", "file/"])
def test_export_of_somebody_else_is_not_there(
    cast: Cast, rolls: Rolls, press: Any, address: str
) -> None:
    own = press(signed_in(cast.secretary)).url.partition("?")[0]

    assert signed_in(cast.secretary).get(own + address).status_code == HTTPStatus.OK
    for stranger in (cast.clerk, cast.township_lead, cast.city_lead, cast.other_lead):
        answer = signed_in(stranger).get(own + address)
        assert answer.status_code == HTTPStatus.NOT_FOUND, stranger


def test_export_list_shows_ones_own_only(cast: Cast, rolls: Rolls, press: Any) -> None:
    press(signed_in(cast.secretary))

    assert "联系户花名册" in text_of(signed_in(cast.secretary).get("/exports/"))
    assert "还没有导出过" in text_of(signed_in(cast.clerk).get("/exports/"))


def test_download_is_written_to_the_log_with_its_address(
    cast: Cast, rolls: Rolls, press: Any
) -> None:
    browser = signed_in(cast.secretary)
    own = press(browser).url.partition("?")[0]
    browser.get(f"{own}file/")

    with everywhere():
        made, taken = AccessEntry.objects.filter(action=Action.EXPORTED).order_by("pk")
    assert "号码隐去 36 户" in made.subject
    assert taken.subject.startswith("下载 长冲口村")
    assert taken.address == "127.0.0.1"


def test_file_is_gone_after_a_week(cast: Cast, rolls: Rolls, press: Any) -> None:
    browser = signed_in(cast.secretary)
    own = press(browser).url.partition("?")[0]
    with at(cast.secretary):
        job = Job.objects.get(kind=exports.KIND)
    path, week = files.path_of(job.pk), files.KEPT_DAYS * 86_400
    assert tidy_exports() == 0

    os.utime(path, (time.time() - week - 60,) * 2)
    assert tidy_exports() == 1

    assert not path.exists()
    assert "已过期" in text_of(browser.get(own))
    assert browser.get(f"{own}file/").status_code == HTTPStatus.NOT_FOUND


def test_file_that_was_not_yet_removed_is_not_handed_out_after_a_week(
    cast: Cast, rolls: Rolls, press: Any
) -> None:
    browser = signed_in(cast.secretary)
    own = press(browser).url.partition("?")[0]
    with at(cast.secretary):
        Job.objects.update(finished_at=timezone.now() - dt.timedelta(days=8))

    assert browser.get(f"{own}file/").status_code == HTTPStatus.NOT_FOUND


def test_long_export_waits_for_the_worker_and_shows_progress(
    cast: Cast, rolls: Rolls, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 10)
    browser = signed_in(cast.secretary)
    own = press(browser).url.partition("?")[0]

    assert "排队中" in text_of(browser.get(own))
    assert "every 2s" in browser.get(f"{own}progress/").content.decode()
    assert browser.get(f"{own}file/").status_code == HTTPStatus.NOT_FOUND


def test_kind_that_does_not_exist_is_not_found(cast: Cast) -> None:
    answer = signed_in(cast.secretary).get("/exports/new/?kind=secrets")

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_representative_may_not_export(cast: Cast, rolls: Rolls) -> None:
    answer = signed_in(cast.representative).get(NEW)

    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_filter_that_makes_no_sense_is_explained(cast: Cast, rolls: Rolls) -> None:
    answer = signed_in(cast.township_lead).get(f"{NEW}&place=没有这个镇")

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "筛选条件没有看懂" in text_of(answer)
