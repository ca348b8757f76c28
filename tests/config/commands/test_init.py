"""`portico init` and `portico demo`: workspaces from the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from portico.accounts.models import User
from portico.clients.models import Organization, Person
from portico.config.commands import main
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace

PASSWORD = "correct horse battery staple"
INIT = (
    *("init", "--workspace", "Northstar Studio", "--preset", "partner"),
    *("--owner-email", "hana@northstar.example", "--owner-name", "Hana Novak"),
)


def written(folder: Path, text: str) -> str:
    path = folder / "password"
    path.write_text(text)
    return str(path)


def test_init_prints_the_slug_and_a_one_time_link(db: Any, capsys: Any) -> None:
    assert main([*INIT, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["slug"] == "northstar-studio"
    assert printed["link"].startswith("http://127.0.0.1:8000/accounts/")
    workspace = Workspace.objects.get()
    assert (workspace.preset, workspace.hostname) == ("partner", "")
    with open_scope(scope_of(workspace)):
        assert User.objects.get().has_usable_password() is False
    path = printed["link"].removeprefix("http://127.0.0.1:8000")
    opened = Client(headers={"host": "127.0.0.1"}).get(path, follow=True)
    assert opened.status_code == 200


def test_init_with_a_password_file_needs_no_link(db: Any, capsys: Any, tmp_path: Path) -> None:
    file = written(tmp_path, f"{PASSWORD}\n")
    assert main([*INIT, "--password-file", file, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"slug": "northstar-studio", "link": None}
    with open_scope(scope_of(Workspace.objects.get())):
        assert User.objects.get().check_password(PASSWORD)


def test_init_without_json_prints_line_by_line(db: Any, capsys: Any, tmp_path: Path) -> None:
    assert main([*INIT, "--password-file", written(tmp_path, PASSWORD)]) == 0
    assert capsys.readouterr().out == "northstar-studio\n"


@pytest.mark.parametrize("words", (INIT, ("demo",)))
def test_no_workspace_is_made_where_a_newer_portico_was(
    words: tuple[str, ...], db: Any, capsys: Any
) -> None:
    MigrationRecorder.Migration.objects.create(app="history", name="0999_later")
    assert main([*words]) == 1
    assert "was used by a newer Portico (history.0999_later)" in capsys.readouterr().err
    assert Workspace.objects.count() == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    (
        (("--owner-email", "nobody"), "Enter one e-mail address"),
        (("--owner-name", " "), "Enter a name."),
        (("--password-file", "nowhere"), "nowhere can't be read."),
    ),
)
def test_init_refuses_wrong_values_and_makes_nothing(
    db: Any, capsys: Any, options: tuple[str, ...], reason: str
) -> None:
    assert main([*INIT, *options]) == 1
    assert reason in capsys.readouterr().err
    assert not Workspace.objects.exists()


def test_init_refuses_a_weak_password(db: Any, capsys: Any, tmp_path: Path) -> None:
    assert main([*INIT, "--password-file", written(tmp_path, "northstarstudio")]) == 1
    assert "easily guessed" in capsys.readouterr().err
    assert not Workspace.objects.exists()


def test_a_second_workspace_needs_a_host_name(db: Any, capsys: Any) -> None:
    main([*INIT])
    assert main([*INIT]) == 1
    assert "--hostname" in capsys.readouterr().err
    assert main([*INIT, "--hostname", "two.test"]) == 0
    assert main([*INIT, "--hostname", "two.test"]) == 1
    assert sorted(Workspace.objects.values_list("hostname", flat=True)) == ["", "two.test"]


def test_an_unknown_preset_is_wrong_use(db: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*INIT, "--preset", "bakery"])
    assert ended.value.code == 2


def test_demo_makes_a_workspace_with_example_data(db: Any, capsys: Any) -> None:
    assert main(["demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["slug"] == "northstar-demo"
    workspace = Workspace.objects.get()
    with open_scope(scope_of(workspace)):
        assert (workspace.preset, Organization.objects.count()) == ("agency", 12)


def test_demo_makes_as_many_people_more_as_asked_for(db: Any, capsys: Any) -> None:
    assert main(["demo", "--preset", "support_desk", "--size", "700"]) == 0
    with open_scope(scope_of(Workspace.objects.get())):
        assert Person.objects.count() == 29 + 700


def test_demo_proposes_a_host_name_beside_another_workspace(db: Any, capsys: Any) -> None:
    main([*INIT])
    assert main(["demo"]) == 1
    assert "--hostname demo.localhost" in capsys.readouterr().err
    assert main(["demo", "--hostname", "demo.localhost"]) == 0
