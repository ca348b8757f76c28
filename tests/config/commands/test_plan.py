"""`portico plan set`."""

import pytest

from portico.history.models import Event
from portico.kit.actors import Actor
from portico.kit.errors import Denied
from portico.workspaces.actions.plans import set_plan
from portico.workspaces.models import Plan
from tests.config.commands.conftest import Portico

SET = ("plan", "set", "--workspace", "northstar")


@pytest.mark.usefixtures("scope")
def test_only_the_limits_named_are_set(portico: Portico) -> None:
    assert portico(*SET, "--persons", "500", "--full-licences", "3").status == 0
    ran = portico(*SET, "--full-licences", "unlimited")
    assert ran.out == (
        "person_limit: 500\nfull_licences: unlimited\nread_only_licences: unlimited\n"
    )
    plan = Plan.objects.get()
    assert (plan.person_limit, plan.full_licences, plan.read_only_licences) == (500, None, None)
    changes = Event.objects.filter(kind="plan.updated").order_by("id").values_list("changes")
    assert [change for (change,) in changes] == [
        {"person_limit": [None, 500], "full_licences": [None, 3]},
        {"full_licences": [3, None]},
    ]


@pytest.mark.usefixtures("scope")
def test_nonsense_is_wrong_use(portico: Portico) -> None:
    assert portico(*SET, "--persons", "-1").status == 2
    assert portico(*SET, "--persons", "many").status == 2


def test_not_even_the_owner_sets_the_plan(owner_actor: Actor) -> None:
    with pytest.raises(Denied):
        set_plan(owner_actor, {"person_limit": 1})
