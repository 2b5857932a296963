"""A township's archive: out, in, and out again; what it refuses, and who may have it."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.conf import settings as live
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.utils import timezone
from openpyxl import load_workbook

from accounts.audit import record
from accounts.models import AccessEntry, Action, Post, User
from accounts.sealing import blind_index
from accounts.services import NotYours, Refused
from attachments.models import AttachmentContent
from households.models import CategoryTag, Household
from inbox.models import Message
from jobs import services as jobs
from jobs.models import Job, State
from jobs.services import perform
from regions.models import Region, VillagerGroup
from regions.operations import is_scoped
from reports import exports
from reports.archive import asking, tables, writing
from reports.archive.opening import Unfit, check_place, open_archive
from reports.archive.packing import MANIFEST, README, Taken
from reports.centre import approvals, files
from reports.models import Approval, ApprovalState, InheritedRecord
from representatives.models import Mandate, Representative
from representatives.services import sealed_identity
from tests.cast import (
    OTHER_TOWNSHIP,
    TOWNSHIP,
    VILLAGE,
    Cast,
    assemble,
    at,
    everywhere,
    signed_in,
)
from tests.conftest import use_database
from tests.databases import cloned
from tests.owner import as_owner
from tests.policy.objects.places import build_places
from tests.rolls import ID_NUMBERS, long_ago
from trainings.models import Attendance, Training

REASON = "合并到上级平台"
PHONE = "13800099728"


@pytest.fixture(autouse=True)
def kept_apart(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep files apart, and let no test look for a broker."""
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("jobs.services.publish", lambda job: True)


def furnish() -> None:
    """Put something of everything into our township, sealed numbers and files too."""
    with everywhere():
        assemble()
        build_places()
        sealed = sealed_identity(id_number=ID_NUMBERS[0], phone=PHONE)
        inside = {"region__gte": VILLAGE, "region__lt": VILLAGE + 1}
        person = Representative.objects.filter(**inside).order_by("pk")[0]
        # The stage gives everybody one number; a true one is nobody else's.
        Representative.objects.update(id_number=None, id_index=None)
        Representative.objects.filter(pk=person.pk).update(**sealed)
        Mandate.objects.filter(representative=person).update(
            person_index=sealed["id_index"]
        )
        household = Household.objects.filter(**inside).order_by("pk")[0]
        CategoryTag.objects.create(
            region_id=VILLAGE,
            household=household,
            category_id="dibao",
            started_on=long_ago(),
        )
        _train_at_the_city(person)
        record(Action.EXPORTED, region=TOWNSHIP, by=None, subject="花名册")


def _train_at_the_city(person: Representative) -> None:
    """Put somebody on a roster of the city, which lies above the township."""
    city = Region.objects.get(level="city")
    training = Training.objects.filter(region_id=VILLAGE)[0]
    training.pk, training.region, training.level = uuid.uuid4(), city, "city_demo"
    training.host_village = None
    training.save(force_insert=True)
    Attendance.objects.create(
        region_id=VILLAGE,
        training=training.pk,
        representative=person,
        entered_by=training.entered_by,
        entered_at=timezone.now(),
    )


def take(path: Path) -> Path:
    """Write our township's archive."""
    with everywhere():
        township = Region.objects.get(pk=TOWNSHIP)
        writing.write(
            path,
            Taken(township, "周主任（市民政局）", timezone.now()),
            folder=files.folder(),
            report=lambda done, total: None,
        )
    return path


def contents(path: Path) -> dict[str, bytes]:
    """Return the files of an archive that hold its rows, and its attachments."""
    with ZipFile(path) as package:
        names = [n for n in package.namelist() if n.startswith(("data/", "附件/"))]
        return {name: package.read(name) for name in names}


@pytest.fixture(scope="module")
def moved(
    template_database: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Path, Path, str]]:
    """Take our township out of one database, load it into another, take it out again.

    Two databases of their own for all tests that look at what came of it.
    """
    folder, shared = (
        tmp_path_factory.mktemp("moved"),
        str(connection.settings_dict["NAME"]),
    )
    media, live.MEDIA_ROOT = live.MEDIA_ROOT, folder
    with (
        cloned(template_database, f"{shared}_here") as here,
        cloned(template_database, f"{shared}_there") as there,
        django_db_blocker.unblock(),
    ):
        try:
            use_database(here)
            furnish()
            first = take(folder / "first.zip")
            with as_owner(there):
                call_command("import_township", first, stdout=StringIO())
            use_database(there)
            second = take(folder / "second.zip")
        finally:
            connections.close_all()
            use_database(shared)
            live.MEDIA_ROOT = media
        yield first, second, there


def test_archive_that_was_loaded_and_taken_out_again_is_the_same(
    moved: tuple[Path, Path, str],
) -> None:
    first, second, _ = moved
    before, after = contents(first), contents(second)
    assert before.keys() == after.keys()
    logs = {name for name in before if name.startswith("data/log_")}
    assert {n for n in before.keys() - logs if before[n] != after[n]} == set()
    for name in logs:  # the log goes on after what was brought along
        assert before[name]
        assert after[name].startswith(before[name])


def test_every_scoped_table_is_taken_out_or_says_why_not(
    moved: tuple[Path, Path, str],
) -> None:
    scoped = {m._meta.db_table for m in apps.get_models() if is_scoped(m)}
    assert scoped == {m._meta.db_table for m in tables.archived()} | set(
        tables.LEFT_OUT
    )
    assert all(tables.LEFT_OUT.values())
    with ZipFile(moved[0]) as package:
        manifest = json.loads(package.read(MANIFEST))
    full = {one["table"] for one in manifest["tables"] if one["rows"]}
    # What `build_places` makes must be in it; a new object there joins by itself.
    assert {
        "accounts_user",
        "accounts_post",
        "attachments_attachment",
        "evaluations_scheme",
        "evaluations_schemeitem",
        "evaluations_householdrating",
        "funding_fundentry",
        "households_contactlink",
        "representatives_mandate",
        "sentiment_issue",
        "trainings_attendance",
        "visits_visit",
        "visits_duty",
    } <= full


def test_nothing_of_another_township_is_in_it(moved: tuple[Path, Path, str]) -> None:
    for name, content in contents(moved[0]).items():
        if name.startswith("附件/"):
            continue
        for line in content.decode().splitlines():
            row = json.loads(line)
            if "region_code" in row:
                inside = row["region_code"] // 1000 == TOWNSHIP // 1000
                assert inside or name == "data/trainings_training.jsonl", (name, row)


def test_numbers_are_sealed_anew_and_found_by_the_key_of_the_new_system(
    moved: tuple[Path, Path, str], django_db_blocker: Any
) -> None:
    with ZipFile(moved[0]) as package:
        lines = package.read("data/representatives_representative.jsonl").decode()
    assert ID_NUMBERS[0] in lines  # to be read without the program
    assert PHONE in lines
    assert '"v1:' not in lines
    with in_database(moved[2], django_db_blocker), everywhere():
        found = Representative.objects.get(id_index=blind_index(ID_NUMBERS[0]))
        assert found.id_number is not None
        assert found.id_number.reveal() == ID_NUMBERS[0]
        assert Mandate.objects.filter(person_index=found.id_index).exists()


def test_people_come_along_and_cannot_sign_in_yet(
    moved: tuple[Path, Path, str], django_db_blocker: Any
) -> None:
    with in_database(moved[2], django_db_blocker), everywhere():
        ours = User.objects.get(username="township_lead")
        assert not ours.has_usable_password()
        assert ours.must_change_password
        assert Post.objects.filter(user=ours, region_id=TOWNSHIP).exists()
        assert not User.objects.filter(username="other_lead").exists()


def test_log_comes_along_as_records_with_masked_numbers(
    moved: tuple[Path, Path, str], django_db_blocker: Any
) -> None:
    with in_database(moved[2], django_db_blocker), everywhere():
        kept = InheritedRecord.objects.filter(kind="change")
        assert kept.exists()
        said = json.dumps([one.content for one in kept], ensure_ascii=False)
        assert ID_NUMBERS[0] not in said
        assert "id_index" not in said
        imported = AccessEntry.objects.get(action=Action.IMPORTED)
        assert imported.region_id == TOWNSHIP
        assert "魏家桥镇归档" in imported.subject


def test_log_that_came_along_is_read_searched_and_leafed_through(
    moved: tuple[Path, Path, str], django_db_blocker: Any
) -> None:
    with in_database(moved[2], django_db_blocker):
        with everywhere():
            lead = Post.objects.get(region_id=TOWNSHIP, role="township_lead")
            User.objects.filter(pk=lead.user_id).update(must_change_password=False)
            kept = InheritedRecord.objects.count()
        browser, url = signed_in(lead), "/centre/inherited/"
        page = browser.get(url)
        assert 50 == len(page.context["lines"]) < kept
        seen = page.context["lines"]
        later = browser.get(f"{url}?after={page.context['after']}").context["lines"]
        assert later[0].at <= seen[-1].at
        found = browser.get(f"{url}?q=花名册").context["lines"]
        assert {"导出：花名册"} == {line.what for line in found}
        rows = browser.get(f"{url}?what=households_household").context["lines"]
        assert rows
        assert all("联系户“" in line.what for line in rows)
        assert PHONE not in page.content.decode()


def test_files_of_attachments_come_along(
    moved: tuple[Path, Path, str], django_db_blocker: Any
) -> None:
    with in_database(moved[2], django_db_blocker), everywhere():
        held = AttachmentContent.objects.all()
        assert held.exists()
        assert all(one.content for one in held)


def test_triggers_are_on_again_and_numbers_go_on(
    moved: tuple[Path, Path, str], django_db_blocker: Any
) -> None:
    with in_database(moved[2], django_db_blocker), everywhere():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'")
            assert cursor.fetchone() == (0,)
        highest = Household.objects.order_by("-pk")[0]
        again = Household.objects.create(
            region_id=highest.region_id,
            group=highest.group,
            head="新一户",
            registered_on=long_ago(),
            initials="xyh",
        )
        assert again.pk > highest.pk


def test_archive_is_read_without_the_program(moved: tuple[Path, Path, str]) -> None:
    with ZipFile(moved[0]) as package:
        assert package.namelist()[0] == README
        readme = package.read(README).decode("utf-8-sig")
        assert "魏家桥镇 全部资料" in readme
        assert "周主任（市民政局）" in readme
        assert "import_township" in readme
        with package.open("表格/联系户.xlsx") as file:
            sheet = load_workbook(file).worksheets[0]
    head, first, *_ = sheet.iter_rows(values_only=True)
    assert "户主姓名" in head or "户主" in head
    assert any("村" in str(cell) for cell in first)


@contextmanager
def in_database(name: str, blocker: Any) -> Iterator[None]:
    """Look into the database that the archive was loaded into."""
    shared = str(connection.settings_dict["NAME"])
    with blocker.unblock():
        use_database(name)
        try:
            yield
        finally:
            connections.close_all()
            use_database(shared)


def changed(path: Path, name: str, content: bytes | None, to: Path) -> Path:
    """Return a copy of an archive in which one file is other, or missing."""
    with ZipFile(path) as old, ZipFile(to, "w") as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
            elif content is not None:
                new.writestr(one, content)
    return to


HOUSEHOLDS = "data/households_household.jsonl"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (HOUSEHOLDS, b"{}\n", "指纹对不上"),
        (HOUSEHOLDS, None, "和清单对不上"),
        (MANIFEST, None, "这不是本系统导出的乡镇归档"),
        (MANIFEST, b'{"format": "other"}', "这不是本系统导出的乡镇归档"),
        (
            MANIFEST,
            b'{"format": "lianhu-township", "version": 1, "schema": "older", "files": []}',
            "归档的数据结构是 older",
        ),
    ],
)
def test_archive_that_is_broken_or_of_another_version_is_refused(
    moved: tuple[Path, Path, str],
    tmp_path: Path,
    name: str,
    content: bytes | None,
    said: str,
) -> None:
    with pytest.raises(Unfit, match=said):
        open_archive(changed(moved[0], name, content, tmp_path / "broken.zip"))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_text("no")
    with pytest.raises(Unfit, match="这不是本系统导出的乡镇归档"):
        open_archive(tmp_path / "no.zip")


def test_township_that_is_not_empty_is_refused(
    moved: tuple[Path, Path, str], cast: Cast
) -> None:
    with everywhere(), open_archive(moved[0]) as archive:
        Post.objects.filter(
            region_id__gte=TOWNSHIP, region_id__lt=TOWNSHIP + 1000
        ).delete()
        assert check_place(archive).pk == TOWNSHIP
        Household.objects.all().delete()
        VillagerGroup.objects.create(region_id=VILLAGE, number=1)
        with pytest.raises(Unfit, match="魏家桥镇已经有资料了"):
            check_place(archive)


def test_township_that_is_unknown_is_refused(
    moved: tuple[Path, Path, str], cast: Cast
) -> None:
    with everywhere(), open_archive(moved[0]) as archive:
        archive.manifest["township"]["code"] = 430582999000
        with pytest.raises(Unfit, match="请先载入区划"):
            check_place(archive)


def test_only_the_owner_of_the_tables_loads(
    moved: tuple[Path, Path, str], cast: Cast
) -> None:
    with pytest.raises(CommandError, match="MIGRATING=1"):
        call_command("import_township", moved[0], stdout=StringIO())


# --- asking for one ---------------------------------------------------------------


def asked(by: Post, township: int = TOWNSHIP, reason: str = REASON) -> Approval:
    """Ask for a township's archive."""
    with at(by):
        place = Region.objects.get(pk=township)
        return asking.ask(place, reason=reason, by=by, token=uuid.uuid4().hex)


def test_archive_waits_for_a_second_person_and_is_made_for_the_first(
    cast: Cast,
) -> None:
    with everywhere():
        build_places()
    approval = asked(cast.township_lead)
    assert approval.state == ApprovalState.WAITING
    with at(cast.city_lead):
        told = Message.objects.filter(recipient=cast.city_lead.user)
        assert told.count() == 1
        job = approvals.approve(approval=approval, by=cast.city_lead)
        assert job.user == cast.township_lead.user
    with at(cast.township_lead):
        assert perform(job.pk) is State.DONE
        made = Job.objects.get(pk=job.pk)
        assert made.percent == 100
        assert list(exports.own(cast.township_lead.user_id)) == [made]
        assert exports.is_there(made, timezone.now())
        log = AccessEntry.objects.filter(action=Action.EXPORTED).order_by("-pk")
        assert "魏家桥镇全部资料，完整号码" in log[0].subject
        assert made.arguments["result"]["sha256"] in log[0].reason
        assert Message.objects.filter(
            recipient=cast.township_lead.user, url=f"/exports/{job.pk}/"
        ).exists()
    assert not list(files.folder().glob("tmp*"))
    with ZipFile(files.path_of(job.pk, files.Format.ZIP)) as package:
        assert package.testzip() is None


def test_whoever_asked_cannot_approve(cast: Cast) -> None:
    approval = asked(cast.township_lead)
    with at(cast.township_lead), pytest.raises(NotYours):
        approvals.approve(approval=approval, by=cast.township_lead)


@pytest.mark.parametrize(
    ("who", "township", "reason", "said"),
    [
        ("township_staff", TOWNSHIP, REASON, "您的职务不能导出整个乡镇的资料。"),
        ("secretary", TOWNSHIP, REASON, "您的职务不能导出整个乡镇的资料。"),
        ("township_lead", OTHER_TOWNSHIP, REASON, "只能导出您管的乡镇，请重新选择。"),
        (
            "township_lead",
            TOWNSHIP,
            " ",
            "请写明为什么要整个乡镇的资料，批准的人会看到。",
        ),
    ],
)
def test_archive_is_refused(
    cast: Cast, who: str, township: int, reason: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        asked(getattr(cast, who), township, reason)


def test_job_that_is_cancelled_leaves_nothing(cast: Cast) -> None:
    approval = asked(cast.township_lead)
    with at(cast.city_lead):
        job = approvals.approve(approval=approval, by=cast.city_lead)

    def cancel(done: int, total: int) -> None:
        jobs.cancel(job=job)
        raise jobs.Abandoned

    with at(cast.township_lead), pytest.raises(jobs.Abandoned):
        writing.write(
            files.folder() / "x.part",
            Taken(Region.objects.get(pk=TOWNSHIP), "", timezone.now()),
            folder=files.folder(),
            report=cancel,
        )
    assert list(files.folder().iterdir()) == []


def test_page_asks_for_a_reason_and_leads_to_the_request(cast: Cast) -> None:
    browser = signed_in(cast.township_lead)
    page = browser.get("/centre/archive/")
    assert page.status_code == 200
    token = str(page.context["form"]["token"].value())
    empty = browser.post("/centre/archive/", {"token": token, "reason": ""})
    assert empty.status_code == 422
    sent = browser.post("/centre/archive/", {"token": token, "reason": REASON})
    again = browser.post("/centre/archive/", {"token": token, "reason": REASON})
    assert sent.status_code == again.status_code == 302
    assert sent.url == again.url
    assert "魏家桥镇全部资料" in browser.get(sent.url).content.decode()


def test_city_chooses_the_township(cast: Cast) -> None:
    with everywhere():  # somebody else could agree
        Post.objects.filter(pk=cast.city_staff.pk).update(role="city_lead")
    browser = signed_in(cast.city_lead)
    page = browser.get("/centre/archive/")
    assert "魏家桥镇" in page.content.decode()
    token = str(page.context["form"]["token"].value())
    sent = browser.post(
        "/centre/archive/",
        {"token": token, "reason": REASON, "township": str(TOWNSHIP)},
    )
    assert sent.status_code == 302
