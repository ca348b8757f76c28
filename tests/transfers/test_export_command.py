"""`portico export`, as an operator runs it: everything, a view, some columns."""

from pathlib import Path
from typing import Any

import pytest

from portico.clients.actions.organizations import archive_organizations
from portico.clients.models import Organization
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.insight.models import View
from portico.kit.actors import Actor
from portico.operations.models import Operation
from tests.config.commands.conftest import Portico, Ran, portico
from tests.factories.clients import make_organization
from tests.transfers.test_exports import rows_of

__all__ = ["portico"]

pytestmark = pytest.mark.once


@pytest.fixture
def three(owner_actor: Actor) -> None:
    make_organization("Acme", address_city="Bonn")
    make_organization("Birch", address_city="Ulm", is_active=False)
    make_organization("Caro", address_city="Ulm")
    archive_organizations(owner_actor, Organization.objects.filter(name="Caro"))


@pytest.fixture
def view(owner_actor: Actor, three: None) -> View:
    return saved(owner_actor, "Quiet ones", is_shared=True)


@pytest.fixture
def export(portico: Portico, tmp_path: Path) -> Any:
    """Runs the command; the file lies at `export.path`."""

    class Export:
        path = tmp_path / "organizations.csv"

        def __call__(self, *words: str) -> Ran:
            words = ("--workspace", "northstar", "-o", str(self.path), *words)
            return portico("export", "organizations", *words)

        def cells(self) -> list[list[str]]:
            rows = rows_of(self.path.read_bytes())
            return [list(rows[0]), *(list(row.values()) for row in rows)]

    return Export()


def saved(actor: Actor, name: str, *, is_shared: bool, **parameters: str) -> View:
    draft = ViewDraft(
        name=name,
        parameters=parameters or {"state": "all", "sort": "-name", "address_city": "Ulm"},
        columns=["address_city", "name"],
        is_shared=is_shared,
    )
    made: View = create_view(actor, ViewSubject.ORGANIZATIONS, draft=draft)
    return made


def test_all_are_written_where_no_view_is_named(export: Any, three: None) -> None:
    ran = export()
    assert (ran.status, ran.out) == (0, f"{export.path}: 3 rows\n")
    assert export("--columns", "name,address_city").status == 0
    assert export.cells() == [
        ["name", "address.city"],
        ["Acme", "Bonn"],
        ["Birch", "Ulm"],
        ["Caro", "Ulm"],
    ]


@pytest.mark.parametrize("named", ["Quiet ones", "quiet ONES", "id"])
def test_a_view_is_named_by_its_name_or_id(export: Any, view: View, named: str) -> None:
    ran = export("--view", str(view.pk) if named == "id" else named, "--columns", "shown")
    assert ran.err == ""
    assert export.cells() == [["address.city", "name"], ["Ulm", "Caro"], ["Ulm", "Birch"]]


def test_a_view_alone_keeps_all_columns(export: Any, view: View) -> None:
    assert export("--view", "Quiet ones").status == 0
    head, *rows = export.cells()
    assert head[:3] == ["reference", "name", "description"]
    assert [row[1] for row in rows] == ["Caro", "Birch"]


def test_columns_that_are_named_come_before_those_of_the_view(export: Any, view: View) -> None:
    assert export("--view", "Quiet ones", "--columns", "name, active").status == 0
    assert export.cells() == [["name", "is_active"], ["Caro", "yes"], ["Birch", "no"]]


def test_a_shipped_view_is_known_by_its_name_and_id(export: Any, three: None) -> None:
    for named in ("no account manager", "no-manager"):
        assert export("--view", named, "--columns", "name").status == 0
        assert export.cells() == [["name"], ["Acme"], ["Birch"]]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            ("--view", "Nothing"),
            "There is no view “Nothing”. There is: Ending in 30 days, My organizations, "
            "No account manager, Quiet ones.",
        ),
        (("--columns", "name,nonsense"), "There is no column nonsense."),
    ],
)
def test_what_there_is_not_is_refused_before_anything_is_written(
    export: Any, view: View, words: tuple[str, ...], reason: str
) -> None:
    ran = export(*words)
    assert (ran.status, ran.out, ran.err) == (1, "", f"portico: {reason}\n")
    assert not export.path.exists()
    assert not Operation.objects.exists()


def test_a_view_of_one_agent_s_own_is_not_the_operator_s(
    export: Any, owner_actor: Actor, three: None
) -> None:
    own = saved(owner_actor, "Mine", is_shared=False)
    for named in ("Mine", str(own.pk)):
        assert export("--view", named).err.startswith(f"portico: There is no view “{named}”.")


def test_a_name_that_two_views_have_is_asked_for_by_id(
    export: Any, owner_actor: Actor, three: None
) -> None:
    second = saved(owner_actor, "No account MANAGER", is_shared=True)
    said = f"Several views are called this. Name one by its id: no-manager, {second.pk}."
    assert export("--view", "no account manager").err == f"portico: {said}\n"
    assert export("--view", str(second.pk)).status == 0


def test_a_view_of_one_s_own_organizations_means_nothing_to_an_operator(
    export: Any, three: None
) -> None:
    ran = export("--view", "own")
    said = "“My organizations” shows each agent their own; a command is nobody's."
    assert (ran.status, ran.err) == (1, f"portico: {said}\n")
