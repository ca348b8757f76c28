"""X8: six independent facts, one function: all 64 combinations."""

import datetime
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from portico.accounts.guards import entry_refusal
from portico.accounts.models import User
from portico.clients.models import Membership, Organization
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import WorkspaceScope
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD

FACTS = (
    "organization archived",
    "organization inactive",
    "membership ended",
    "person archived",
    "sign-in disabled",
    "invitation pending",
)
# The first of these that holds is the reason that is told.
ORDER = (
    ("person archived", "archived"),
    ("sign-in disabled", "disabled"),
    ("invitation pending", "invitation_pending"),
    ("organization archived", "organization_archived"),
    ("organization inactive", "organization_inactive"),
    ("membership ended", "membership_ended"),
)
COMBINATIONS = [
    frozenset(fact for fact, holds in zip(FACTS, held, strict=True) if holds)
    for held in product((False, True), repeat=len(FACTS))
]


def name(facts: frozenset[str]) -> str:
    return " + ".join(fact for fact in FACTS if fact in facts) or "nothing"


def make(facts: frozenset[str], scope: WorkspaceScope) -> User:
    """A person of one organization about whom exactly these facts hold."""
    yesterday = today_in(scope.time_zone) - datetime.timedelta(days=1)
    now = timezone.now()
    organization = make_organization(
        "Acme",
        archived_at=now if "organization archived" in facts else None,
        is_active="organization inactive" not in facts,
        membership_end_date=yesterday if "membership ended" in facts else None,
    )
    person = make_person(
        organization=organization,
        roles=["Guest"],
        archived_at=now if "person archived" in facts else None,
        is_disabled="sign-in disabled" in facts,
        has_joined="invitation pending" not in facts,
    )
    found: User = User.objects.get(pk=person.pk)
    return found


def expected(facts: frozenset[str]) -> str | None:
    return next((code for fact, code in ORDER if fact in facts), None)


def test_there_are_64_combinations() -> None:
    assert len(set(COMBINATIONS)) == 64


@pytest.mark.parametrize("facts", COMBINATIONS, ids=name)
def test_one_gets_in_when_no_fact_stands_against_it(
    scope: WorkspaceScope, facts: frozenset[str]
) -> None:
    refusal = entry_refusal(make(facts, scope))
    assert (refusal.code if refusal else None) == expected(facts)
    if refusal is not None:
        assert refusal.may_sign_in is (facts == {"membership ended"})
        assert refusal.reason.endswith(".")


@pytest.mark.parametrize("facts", COMBINATIONS, ids=name)
def test_page_and_api_and_sign_in_answer_alike(
    scope: WorkspaceScope, client: Any, facts: frozenset[str]
) -> None:
    """A session and a key from better days, and the password at the door."""
    from tests.factories.keys import api_client

    user = make(facts, scope)
    api = api_client(user)
    client.force_login(user)
    is_in = not facts
    page = client.get("/account/")
    if is_in:
        assert page.status_code == 200
    elif facts == {"membership ended"}:
        assert (page.status_code, page["Location"]) == (302, "/portal/closed/")
    else:
        assert page.status_code == 302
        assert page["Location"].startswith("/accounts/login/")
    assert api.get("/api/v1/me").status_code == (200 if is_in else 401)
    client.cookies.clear()
    entered = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert (entered.status_code == 302) is (is_in or facts == {"membership ended"})


def test_who_has_another_open_membership_enters_through_it(scope: WorkspaceScope) -> None:
    for facts in COMBINATIONS:
        if facts <= {"organization archived", "organization inactive", "membership ended"}:
            Membership.objects.all().delete()
            User.objects.people().delete()
            user = make(facts, scope)
            other = make_organization("Birch")
            Membership.objects.create(person=user, organization=other)
            assert entry_refusal(user, None) is None


def test_the_last_day_of_membership_is_a_day_of_access(scope: WorkspaceScope) -> None:
    user = make(frozenset(), scope)
    today = today_in(scope.time_zone)
    seen = []
    for days in (-1, 0, 1):
        Organization.objects.update(membership_end_date=today + datetime.timedelta(days=days))
        refusal = entry_refusal(User.objects.get(pk=user.pk))
        seen.append(refusal.code if refusal else None)
    assert seen == ["membership_ended", None, None]


def test_who_belongs_to_no_organization_gets_in(scope: WorkspaceScope) -> None:
    make_person("alone@acme.test")
    assert entry_refusal(User.objects.get(email="alone@acme.test")) is None


@pytest.mark.parametrize(
    ("change", "code"),
    (
        ({}, None),
        ({"is_disabled": True}, "disabled"),
        ({"archived_at": timezone.now()}, "archived"),
        ({"password": "!"}, "invitation_pending"),
    ),
)
def test_agents_are_kept_out_by_their_own_row_only(
    owner: Any, change: dict[str, Any], code: str | None
) -> None:
    if change:
        User.objects.filter(pk=owner.pk).update(**change)
    refusal = entry_refusal(User.objects.get(pk=owner.pk))
    assert (refusal.code if refusal else None) == code
