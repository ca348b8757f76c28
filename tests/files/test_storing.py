"""Files under their hash: once, whole, swept when nothing uses them."""

import datetime
import errno
import os
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from portico.accounts.actions.avatars import change_own_avatar
from portico.clients.actions.avatars import change_avatar
from portico.clients.models import Person
from portico.files.actions.storing import keep_file, keep_image
from portico.files.models import StoredFile
from portico.files.reports import content_of, folder_of_workspace, path_of
from portico.files.tasks import sweep_files
from portico.history.actions.undo import undo_act
from portico.history.models import Event
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.factories.images import image
from tests.factories.workspaces import actor_of

RED, BLUE = image("PNG", colour="red"), image("PNG", colour="blue")
LATER = datetime.timedelta(hours=25)


@pytest.fixture(autouse=True)
def data_folder(settings: Any, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    options = {**settings.STORAGES["default"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    return tmp_path


def names() -> list[str]:
    return sorted(path.name for path in folder_of_workspace().glob("*/*"))


def wait() -> Any:
    """A day later; the files on disk are as much older."""
    moment = timezone.now() - LATER
    for path in folder_of_workspace().glob("*/*"):
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    StoredFile.objects.update(created_at=moment)


def test_the_same_bytes_are_kept_once_per_workspace(scope: Any, other_workspace: Workspace) -> None:
    first, second = keep_image(RED), keep_image(RED)
    assert (first.pk, names()) == (second.pk, [first.sha256])
    assert content_of(first) == path_of(first.sha256).read_bytes()
    assert (first.size, first.media_type) == (len(content_of(first) or b""), "image/png")
    with open_scope(scope_of(other_workspace)):
        assert names() == []
        third = keep_image(RED)
        assert (third.sha256, third.pk == first.pk) == (first.sha256, False)


@pytest.mark.parametrize("failing", ("write", "fsync", "replace"))
def test_a_full_disk_is_a_plain_refusal_and_leaves_nothing(
    scope: Any, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def full(*_arguments: Any, **_options: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if failing == "write":
        monkeypatch.setattr("portico.files.actions.storing.NamedTemporaryFile", full)
    elif failing == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(Refused) as caught, transaction.atomic():
        keep_image(RED)
    assert (caught.value.code, caught.value.status) == ("storage_full", 507)
    assert (names(), StoredFile.objects.count()) == ([], 0)
    monkeypatch.undo()
    kept = keep_image(RED)
    assert names() == [kept.sha256]


def test_bytes_that_went_missing_are_written_again(scope: Any) -> None:
    file = keep_image(RED)
    path_of(file.sha256).unlink()
    assert content_of(file) is None
    assert keep_image(RED) == file
    assert content_of(file) is not None


def test_unused_files_go_after_a_day_and_used_ones_stay(owner: Agent) -> None:
    change_own_avatar(actor_of(owner), RED, version=None)
    unused = keep_image(BLUE)
    assert sweep_files() == 0
    wait()
    assert sweep_files() == 1
    owner.refresh_from_db()
    assert owner.avatar is not None
    assert names() == [owner.avatar.sha256]
    assert StoredFile.objects.filter(pk=unused.pk).count() == 0


def test_a_file_that_is_taken_up_again_is_new_again(owner: Agent) -> None:
    keep_image(RED)
    wait()
    keep_image(RED)
    assert sweep_files() == 0


def test_bytes_without_a_row_and_unfinished_ones_go_after_a_day(scope: Any) -> None:
    file = keep_image(RED)
    StoredFile.objects.all().delete()
    unfinished = path_of(file.sha256).with_name(".unfinished-abc")
    unfinished.write_bytes(b"half")
    assert (sweep_files(), len(names())) == (0, 2)
    wait()
    assert (sweep_files(), names(), StoredFile.objects.count()) == (2, [], 0)


def test_a_replaced_avatar_stays_while_its_replacement_can_be_undone(
    owner: Agent, guest: Person
) -> None:
    change_avatar(actor_of(owner), guest.pk, RED)
    replacing = actor_of(owner)
    change_avatar(replacing, guest.pk, BLUE)
    guest.refresh_from_db()
    blue = guest.avatar
    wait()
    assert sweep_files() == 0
    undo_act(actor_of(owner), replacing.act_id)
    guest.refresh_from_db()
    assert guest.avatar is not None
    assert guest.avatar != blue
    later = timezone.now() + datetime.timedelta(days=31)
    with time_machine.travel(later, tick=False):
        wait()
        assert sweep_files() == 1
    assert names() == [guest.avatar.sha256]


def test_what_an_erased_person_had_goes_whatever_could_be_undone(
    owner: Agent, guest: Person
) -> None:
    change_avatar(actor_of(owner), guest.pk, RED)
    change_avatar(actor_of(owner), guest.pk, None)
    wait()
    assert sweep_files() == 0
    Person.objects.filter(pk=guest.pk).update(erased_at=timezone.now())
    assert (sweep_files(), names()) == (1, [])


def test_a_change_that_fails_later_leaves_no_row(scope: Any) -> None:
    with transaction.atomic():
        keep_file(b"x" * 100, media_type="image/png")
        transaction.set_rollback(True)
    assert StoredFile.objects.count() == 0
    wait()
    assert (sweep_files(), names()) == (1, [])


def test_the_change_of_an_avatar_is_told_readably_and_taken_back(
    owner: Agent, guest: Person
) -> None:
    giving = actor_of(owner)
    saved = change_avatar(giving, guest.pk, RED, version=1)
    event = Event.objects.get(kind="person.updated")
    assert saved.avatar is not None
    assert event.changes == {"avatar": ["", f"PNG {saved.avatar.sha256[:8]}"]}
    assert (event.reversal, saved.version) == ({"avatar": None}, 2)
    undo_act(actor_of(owner), giving.act_id)
    guest.refresh_from_db()
    assert (guest.avatar, guest.version) == (None, 3)
