"""The contracts of .importlinter: the tree keeps them, and a planted import breaks each."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.findings import ROOT


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree in `folder`."""
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-cache"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)


# The contract of the fence names these, so they have to exist.
NAMED = dict.fromkeys(
    (
        *("accounts/__init__.py", "config/__init__.py", "workspaces/__init__.py"),
        "kit/tenancy/unscoped.py",
    ),
    "",
)


def plant(folder: Path, modules: dict[str, str]) -> Path:
    """Write a small `portico` of these modules and their text, under our contracts."""
    shutil.copy(ROOT / ".importlinter", folder)
    for name, text in (NAMED | modules).items():
        path = folder / "portico" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for parent in path.relative_to(folder).parents[:-1]:
            (folder / parent / "__init__.py").touch()
        path.write_text(text)
    return folder


def test_the_tree_keeps_the_order_of_the_house() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("modules", "contract"),
    (
        (
            {"kit/dates.py": "import portico.clients.models", "clients/models.py": ""},
            "An app imports only from apps below it",
        ),
        (
            {"catalog/models.py": "import portico.invitations", "invitations/models.py": ""},
            "An app imports only from apps below it",
        ),
        (
            {"strangers/models.py": ""},
            "An app imports only from apps below it",
        ),
        (
            {"clients/models.py": "import portico.clients.actions", "clients/actions.py": ""},
            "A role imports only from roles below it",
        ),
        (
            {"clients/actions/people.py": "import portico.clients.forms", "clients/forms.py": ""},
            "A role imports only from roles below it",
        ),
        (
            {"clients/actions.py": "import portico.kit.tenancy.unscoped"},
            "Only workspaces, accounts and config may step past the tenant's fence",
        ),
    ),
)
def test_an_import_against_the_order_is_refused(
    tmp_path: Path, modules: dict[str, str], contract: str
) -> None:
    done = lint(plant(tmp_path, modules))

    assert done.returncode == 1
    assert f"{contract} BROKEN" in done.stdout


def test_imports_down_the_house_are_welcome(tmp_path: Path) -> None:
    modules = {
        "clients/views.py": "import portico.clients.actions",
        "clients/actions.py": "import portico.history.actions",
        "history/actions.py": "import portico.kit.errors",
        "kit/errors.py": "",
        "workspaces/actors.py": "import portico.kit.tenancy.unscoped",
    }

    assert lint(plant(tmp_path, modules)).returncode == 0
