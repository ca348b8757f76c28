"""Addresses that every page prints by the dozen."""

from uuid import UUID

from django.urls import reverse

from portico.kit.ids import new_id
from portico.kit.routes import address_of


def test_an_address_is_the_one_that_reverse_gives() -> None:
    record = new_id()
    assert address_of("people.list") == reverse("people.list")
    assert address_of("people.show", record) == reverse("people.show", kwargs={"id": record})
    assert address_of("people.field", record, field="phone") == reverse(
        "people.field", kwargs={"id": record, "field": "phone"}
    )


def test_each_record_has_its_own() -> None:
    first, second = UUID(int=1), UUID(int=2)
    shown = [address_of("people.show", key) for key in (first, second, first)]
    assert shown == [f"/people/{first}/", f"/people/{second}/", f"/people/{first}/"]
