"""What programs may read of the workspace itself: its plan, and its team one by one."""

from portico.kit.ids import new_id
from portico.workspaces.models import Agent, Plan, Workspace
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import api_client
from tests.factories.workspaces import make_agent


def test_the_plan_tells_limits_and_use(owner: Agent, workspace: Workspace) -> None:
    Plan.objects.update_or_create(
        workspace=workspace, defaults={"name": "Small", "person_limit": 3, "full_licences": None}
    )
    acme = make_organization("Acme")
    for number in range(2):
        make_person(f"p{number}@acme.test", name=f"P {number}", organization=acme)
    body = api_client(owner).get("/api/v1/plan").json()
    assert (body["object"], body["name"]) == ("plan", "Small")
    assert body["people"] == {"used": 2, "limit": 3}
    assert body["full_licences"] == {"used": 1, "limit": None}


def test_an_agent_is_found_by_id_and_nobody_else_is(owner: Agent, workspace: Workspace) -> None:
    mo = make_agent("mo@northstar.test", name="Mo")
    person = make_person("lena@acme.test", name="Lena", organization=make_organization("Acme"))
    api = api_client(owner)
    found = api.get(f"/api/v1/agents/{mo.pk}")
    assert (found.status_code, found.json()["email"]) == (200, "mo@northstar.test")
    for key in (person.pk, new_id()):
        assert api.get(f"/api/v1/agents/{key}").status_code == 404
