"""`property.KEY.not=`: whoever has another value or none, as with every other field."""

from typing import Any

import pytest

from portico.clients.filters import OrganizationFilter
from portico.clients.models import CustomProperty, Organization
from portico.kit.tenancy.scope import WorkspaceScope
from tests.factories.clients import make_organization


@pytest.fixture
def three(scope: WorkspaceScope) -> None:
    """One with x, one with y, one with nothing, of each kind that takes `not`."""
    for kind in ("text", "choice", "choices", "url", "email"):
        CustomProperty.objects.create(
            subject="organization", key=kind, label=kind, kind=kind, choices=["x", "y"]
        )
    for name, value in (("Acme", "x"), ("Birch", "y")):
        values: dict[str, Any] = dict.fromkeys(("text", "choice", "url", "email"), value)
        make_organization(name, property_values={**values, "choices": [value]})
    make_organization("Cedar")


@pytest.mark.parametrize("key", ["text", "choice", "choices", "url", "email"])
def test_is_not_finds_those_without_a_value_too(three: None, key: str) -> None:
    chosen = OrganizationFilter.read_strictly({f"property.{key}.not": "x"})
    found = chosen.of(Organization.objects.all()).order_by("name")
    assert [row.name for row in found] == ["Birch", "Cedar"]
    counted, rows = chosen.counted(10, Organization.objects.all())
    assert (counted, sorted(row.name for row in rows)) == (2, ["Birch", "Cedar"])
