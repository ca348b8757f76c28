"""Two organizations or two people become one, and two again."""

from typing import Any

import pytest
from django.apps import apps

from portico.accounts.models import User
from portico.catalog.models import Service, Subscription
from portico.clients.actions.merging import (
    merge_organizations,
    merge_people,
    preview_organizations,
)
from portico.clients.actions.merging.parts import merge_parts
from portico.clients.actions.organizations import update_organization
from portico.clients.choices import PropertySubject
from portico.clients.models import (
    AccountManager,
    Location,
    Membership,
    MembershipRole,
    Merge,
    Organization,
    OrganizationTag,
    Person,
    PersonTag,
    Tag,
)
from portico.history.actions.undo import undo_act
from portico.invitations.actions.inviting import invite_person
from portico.invitations.models import Invitation
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Merged, NeedsConfirmation, NotThere, Refused, Stale
from portico.operations.models import Operation
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import actor_of, make_agent

# What time does and undo does not take back: versions, moments of change, and what history says.
NOT_COMPARED = {"version", "updated_at"}
NOT_UNDONE = {
    "history.Event",
    "history.Act",
    "history.FollowUp",
    "clients.Merge",
    "accounts.Session",
}


def everything() -> dict[str, dict[str, dict[str, Any]]]:
    """Every row of the workspace, column by column."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for model in apps.get_models():
        label = model._meta.label
        if label in NOT_UNDONE or label.startswith(("django", "contenttypes", "sessions")):
            continue
        rows = model._default_manager.all().values()
        found[label] = {
            str(row.get("id", index)): {
                name: value for name, value in row.items() if name not in NOT_COMPARED
            }
            for index, row in enumerate(rows)
        }
    return found


def merge(owner: Agent, survivor: Any, source: Any, **choices: str) -> Actor:
    """Merge and return who did it; what must be chosen is the survivor's unless said."""
    actor = actor_of(owner)
    if isinstance(survivor, Organization):
        chosen = {"membership_end_date": "survivor", **choices}
        merge_organizations(actor, survivor.pk, source.pk, choices=chosen)
    else:
        merge_people(actor, survivor.pk, source.pk, choices=choices)
    for row in (survivor, source):
        row.refresh_from_db()
    return actor


def tag(name: str, *carriers: Any) -> Tag:
    made: Tag = Tag.objects.create(name=name)
    for carrier in carriers:
        if isinstance(carrier, Organization):
            OrganizationTag.objects.create(organization=carrier, tag=made)
        else:
            PersonTag.objects.create(person=carrier, tag=made)
        lines = [line for line in carrier.tag_text.split("\n") if line]
        carrier.tag_text = "\n".join(sorted([*lines, name]))
        carrier.save()
    return made


@pytest.fixture
def birch(scope: object) -> Organization:
    """A second organization."""
    return make_organization("Birch & Sons", reference="B-1", website="https://birch.test")


@pytest.fixture
def full(owner: Agent, acme: Organization, birch: Organization) -> None:
    """Both organizations with everything that can hang on one, partly the same on both sides."""
    both = make_person("both@acme.test", name="Both", organization=birch, roles=["Admin"])
    second = Membership.objects.create(person=both, organization=acme)
    guest = both.memberships.get(organization=birch).role_assignments.get().role
    MembershipRole.objects.create(membership=second, role=guest)
    make_person("one@acme.test", name="One", organization=acme, roles=["Guest"])
    make_person("only@birch.test", name="Only", organization=birch, roles=["Client"])
    for number, place in enumerate((acme, birch, birch)):
        Location.objects.create(organization=place, name=f"Site {number}")
    Organization.objects.filter(pk=acme.pk).update(people_count=2, location_count=1)
    Organization.objects.filter(pk=birch.pk).update(people_count=2, location_count=2)
    tom = make_agent("tom@northstar.test", name="Tom Okafor")
    AccountManager.objects.create(organization=acme, agent=owner, is_first=True)
    AccountManager.objects.create(organization=birch, agent=owner)
    AccountManager.objects.create(organization=birch, agent=tom, is_first=True)
    web, care = Service.objects.create(name="Web"), Service.objects.create(name="Care")
    for place in (acme, birch):
        Subscription.objects.create(organization=place, service=web, since="2026-01-01")
    Subscription.objects.create(organization=birch, service=care, since="2026-01-01")
    for row in (acme, birch):
        row.refresh_from_db()
    tag("VIP", acme, birch)
    tag("Retainer", birch)
    joins = make_person("joins@birch.test", name="Joins", has_joined=False)
    for place in (acme, birch):
        invite_person(actor_of(owner), joins.pk, organization_id=place.pk)


def sums(organization: Organization) -> dict[str, int]:
    return {
        "people": organization.people_count,
        "locations": organization.location_count,
        "managers": AccountManager.objects.filter(organization=organization).count(),
        "tags": OrganizationTag.objects.filter(organization=organization).count(),
        "subscriptions": Subscription.objects.filter(organization=organization).count(),
        "invitations": Invitation.objects.filter(organization=organization).count(),
    }


@pytest.mark.usefixtures("full")
def test_edge_case_38_everything_of_the_source_goes_over_and_nobody_is_left_without(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    plan = preview_organizations(actor_of(owner), acme.pk, birch.pk, choices={})
    shown = {rows.part.name: (rows.before, rows.source, rows.after) for rows in plan.shown_rows}
    assert shown == {
        "people": (2, 2, 3),
        "locations": (1, 2, 3),
        "account_managers": (1, 2, 2),
        "tags": (1, 2, 2),
        "subscriptions": (1, 2, 2),
        "invitations": (1, 1, 2),
    }
    merge(owner, acme, birch)
    assert sums(acme) == {
        "people": 3,
        "locations": 3,
        "managers": 2,
        "tags": 2,
        "subscriptions": 2,
        "invitations": 2,
    }
    assert sums(birch) == dict.fromkeys(sums(birch), 0)
    assert not Membership.objects.filter(organization=birch).exists()
    assert (acme.tag_text, acme.website) == ("Retainer\nVIP", "https://birch.test")


@pytest.mark.usefixtures("full")
def test_edge_case_37_the_same_on_both_sides_collapses_and_keeps_the_stronger(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    merge(owner, acme, birch)
    both = Membership.objects.get(person__email="both@acme.test")
    assert (both.organization_id, both.is_primary) == (acme.pk, True)
    roles = both.role_assignments.values_list("role__name", flat=True)
    assert sorted(roles) == ["Admin"]
    first = AccountManager.objects.get(organization=acme, is_first=True)
    assert first.agent_id == owner.pk
    states = Invitation.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["pending", "cancelled"]


@pytest.mark.usefixtures("full")
def test_everything_goes_back_exactly_when_a_merge_of_organizations_is_undone(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    before = everything()
    act = merge(owner, acme, birch, name="source", reference="source")
    assert (acme.name, acme.reference, birch.reference) == ("Birch & Sons", "B-1", "")
    undo_act(actor_of(owner), act.act_id)
    assert everything() == before


def test_edge_case_38_dates_that_differ_must_be_chosen(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    Organization.objects.filter(pk=birch.pk).update(membership_end_date="2026-12-31")
    with pytest.raises(Refused) as refused:
        merge_organizations(actor_of(owner), acme.pk, birch.pk, choices={})
    told = [(row.field, row.code) for row in refused.value.errors]
    assert told == [("membership_end_date", "choice_needed")]
    merge(owner, acme, birch, membership_end_date="source")
    assert str(acme.membership_end_date) == "2026-12-31"


def test_custom_values_are_chosen_one_by_one_and_filled_where_empty(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    Organization.objects.filter(pk=acme.pk).update(property_values={"tier": "gold", "vat": "1"})
    Organization.objects.filter(pk=birch.pk).update(property_values={"tier": "iron", "size": "9"})
    act = merge(owner, acme, birch, **{"property.tier": "source"})
    assert acme.property_values == {"tier": "iron", "vat": "1", "size": "9"}
    undo_act(actor_of(owner), act.act_id)
    acme.refresh_from_db()
    assert acme.property_values == {"tier": "gold", "vat": "1"}


def test_the_source_leaves_all_lists_and_its_id_leads_to_the_survivor(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    merge(owner, acme, birch)
    actor = actor_of(owner)
    assert [row.name for row in Organization.objects.visible_to(actor)] == ["Acme Windows"]
    with pytest.raises(Merged) as merged:
        update_organization(actor, birch.pk, {"name": "Back"})
    assert (merged.value.code, merged.value.survivor_id) == ("merged", acme.pk)


def test_edge_case_40_in_a_chain_the_first_id_leads_to_the_last_survivor(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    cedar = make_organization("Cedar")
    first = merge(owner, birch, acme)
    second = merge(owner, cedar, birch)
    acme.refresh_from_db()
    assert acme.merged_into_id == cedar.pk
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), first.act_id)
    assert (refused.value.code, refused.value.detail) == (
        "merged_since",
        "Undo the later merge of Birch & Sons into Cedar first.",
    )
    undo_act(actor_of(owner), second.act_id)
    acme.refresh_from_db()
    assert acme.merged_into_id == birch.pk
    undo_act(actor_of(owner), first.act_id)
    assert Organization.objects.unmerged().active().count() == 3


def test_edge_case_39_a_record_is_not_merged_with_itself(owner: Agent, acme: Organization) -> None:
    with pytest.raises(Refused) as refused:
        merge_organizations(actor_of(owner), acme.pk, acme.pk, choices={})
    assert refused.value.code == "same_record"


def test_edge_case_39_archived_and_active_merge_only_when_confirmed(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    Organization.objects.filter(pk=birch.pk).update(archived_at="2026-01-01T00:00Z")
    with pytest.raises(NeedsConfirmation) as asked:
        merge_organizations(actor_of(owner), acme.pk, birch.pk, choices={})
    assert [row.code for row in asked.value.errors] == ["archived_with_active"]
    confirm = ["archived_with_active"]
    merge_organizations(actor_of(owner), acme.pk, birch.pk, choices={}, confirm=confirm)
    assert Organization.objects.get(pk=birch.pk).merged_into_id == acme.pk


def test_edge_case_39_nothing_is_merged_while_an_import_runs(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    Operation.objects.create(kind="import.people", title="x", state="running", request_id="r")
    with pytest.raises(Refused) as refused:
        merge_organizations(actor_of(owner), acme.pk, birch.pk, choices={})
    assert refused.value.code == "import_running"


def test_edge_case_39_only_records_that_the_actor_sees_and_of_one_kind_are_merged(
    owner: Agent, acme: Organization, birch: Organization, guest: Person
) -> None:
    with pytest.raises(Refused) as refused:
        merge_organizations(actor_of(owner), acme.pk, guest.pk, choices={})
    assert (refused.value.code, refused.value.field) == ("not_found", "source_id")
    with pytest.raises(NotThere):
        merge_organizations(actor_of(owner), guest.pk, acme.pk, choices={})
    looks = make_agent("looks@northstar.test", permissions=["view_clients"])
    with pytest.raises(Denied):
        merge_organizations(actor_of(looks), acme.pk, birch.pk, choices={})
    blind = make_agent(
        "blind@northstar.test", permissions=["delete_clients", "manage_client_organizations"]
    )
    actor = actor_of(blind)
    if not actor.may("view_clients"):
        with pytest.raises(NotThere):
            merge_organizations(actor, acme.pk, birch.pk, choices={})


def test_edge_case_39_what_was_previewed_is_what_is_done(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    versions = (acme.version, birch.version)
    update_organization(actor_of(owner), birch.pk, {"description": "New"})
    with pytest.raises(Stale):
        merge_organizations(actor_of(owner), acme.pk, birch.pk, choices={}, versions=versions)
    assert Merge.objects.count() == 0


@pytest.mark.parametrize(
    ("choices", "code"),
    [({"people_count": "source"}, "unknown_field"), ({"name": "both"}, "unknown_choice")],
)
def test_a_choice_about_something_else_is_refused(
    owner: Agent, acme: Organization, birch: Organization, choices: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        preview_organizations(actor_of(owner), acme.pk, birch.pk, choices=choices)
    assert [row.code for row in refused.value.errors] == [code]


def test_equal_names_still_show_a_preview(owner: Agent, acme: Organization) -> None:
    twin = make_organization("Acme Windows", reference="T")
    plan = preview_organizations(actor_of(owner), acme.pk, twin.pk, choices={})
    assert {field.name: field.result for field in plan.fields}["reference"] == "T"


def test_an_undo_after_a_replaced_value_was_changed_is_refused_whole(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    act = merge(owner, acme, birch, name="source")
    update_organization(actor_of(owner), acme.pk, {"name": "Third name"})
    before = everything()
    with pytest.raises(Refused) as refused:
        undo_act(actor_of(owner), act.act_id)
    assert refused.value.code == "changed_since"
    assert everything() == before


@pytest.mark.usefixtures("full")
def test_what_came_after_the_merge_stays_and_what_went_stays_away(
    owner: Agent, acme: Organization, birch: Organization
) -> None:
    act = merge(owner, acme, birch)
    make_person("new@acme.test", name="New", organization=acme)
    Tag.objects.filter(name="Retainer").delete()
    Location.objects.filter(name="Site 2").delete()
    undo_act(actor_of(owner), act.act_id)
    for row in (acme, birch):
        row.refresh_from_db()
    assert (acme.people_count, acme.location_count, acme.tag_text) == (3, 1, "VIP")
    assert (birch.people_count, birch.location_count, birch.tag_text) == (2, 1, "VIP")


def test_no_foreign_key_to_an_organization_or_a_person_is_forgotten() -> None:
    handled = {
        (part.model, part.column.removesuffix("_id"))
        for subject in PropertySubject
        for part in merge_parts(subject)
    }
    staying = {
        # Agents only, or what is about a sign-in and ends with it.
        ("accounts.User", "account_manager"),
        ("accounts.Session", "user"),
        ("account.EmailAddress", "user"),
        ("clients.AccountManager", "agent"),
        ("workspaces.Workspace", "support_contact"),
        ("workspaces.RoleAssignment", "user"),
        ("workspaces.ApiKey", "user"),
        ("insight.View", "owner"),
        # Who did it then, whoever they are now.
        ("invitations.Invitation", "invited_by"),
        ("notifications.OutgoingMail", "recipient"),
    }
    forgotten = set()
    for target in (Organization, User):
        for relation in target._meta.get_fields(include_hidden=True):
            if not relation.auto_created or relation.concrete or not relation.is_relation:
                continue
            source: Any = relation.related_model
            name = relation.field.name  # type: ignore[union-attr]
            if (source, name) not in handled and (source._meta.label, name) not in staying:
                forgotten.add(f"{source._meta.label}.{name}")
    assert forgotten == set()
