"""Filters over custom properties: led by their values, they find what the records' JSON says."""

from typing import Any

import pytest

from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.filters import OrganizationFilter, PersonFilter, lists, properties
from portico.clients.filters.properties import those_with
from portico.clients.models import CustomProperty, Organization, Person
from portico.kit.narrowing import count_up_to, walking
from portico.kit.pagination import keyset_page
from tests.factories.clients import make_organization, make_person

LONG = "x" * 99
# What cleaning stores for each kind, and what looks like it.
STORED: dict[PropertyKind, list[Any]] = {
    PropertyKind.TEXT: [
        *("Glass", "GLASS", "glaß", "Größe", "GRÖSSE", "a%b_c\\d", 'say "no"', "Glass and wood"),
        *(LONG, LONG + "y", LONG + "yz", LONG + "Yz tail", "1" * 2000, "true", "null"),
    ],
    PropertyKind.NUMBER: [
        *("0", "7", "-7", "7.5", "12", "120", "0.000000000000000000000000001", "9" * 30),
        "-" + "9" * 29,
    ],
    PropertyKind.DATE: ["0001-01-01", "2019-05-01", "2026-11-22", "2026-11-23", "9999-12-31"],
    PropertyKind.YES_NO: [True, False],
    PropertyKind.CHOICE: ["North", "north", "Süd", 'The "best"', "a, b", "back\\slash"],
    PropertyKind.CHOICES: [
        *(["North"], ["North", "Süd"], ["Süd"], ["north"], ["Northern"], ["back\\slash", "Süd"]),
        ['The "best"', "North"],
    ],
    PropertyKind.URL: ["https://acme.test", "https://acme.test/?q=A%20b"],
    PropertyKind.EMAIL: ["lena@acme.test", "Lena@Acme.test"],
}
TEXTS = {
    "": ["glass", "größe", "GLASS", LONG, LONG + "Y", LONG + "yz TAIL", "a%b_c\\d", "nothing"],
    "not": ["glass", LONG + "y"],
    "has": ["LASS", "ö", "%", "_", "\\", "tail", "yz", '"', "1" * 120, "nothing"],
}
NUMBERS = ["7", "-7.0", "7.5", "0", "12", "9" * 30, "1000", "0.000000000000000000000000001"]
DAYS = ["0001-01-01", "2019-05-01", "2026-11-22", "9999-12-31"]
CHOICES = ["North", "north", "NORTH", "Süd", "North,Süd", 'The "best"', "back\\slash", "Nowhere"]
COMPARED = ("", "lt", "lte", "gt", "gte")
ASKED: dict[PropertyKind, dict[str, list[str]]] = {
    PropertyKind.TEXT: TEXTS,
    PropertyKind.NUMBER: dict.fromkeys(COMPARED, NUMBERS),
    PropertyKind.DATE: dict.fromkeys(COMPARED, DAYS),
    PropertyKind.YES_NO: {"": ["yes", "no"]},
    PropertyKind.CHOICE: dict.fromkeys(("", "any", "not"), CHOICES),
    PropertyKind.CHOICES: dict.fromkeys(("", "any", "not"), CHOICES),
    PropertyKind.URL: {"": ["HTTPS://acme.test"], "has": ["%20", "acme"]},
    PropertyKind.EMAIL: {"": ["lena@acme.test"], "has": ["LENA"], "not": ["lena@acme.test"]},
}
CASES = [
    pytest.param(kind, operator, value, id=f"{kind}-{operator or 'is'}-{value[:12]}-{len(value)}")
    for kind, operators in ASKED.items()
    for operator, values in {**operators, "empty": ["yes", "no"]}.items()
    for value in values
]
RECORDS = {
    PropertySubject.ORGANIZATION: (OrganizationFilter, Organization),
    PropertySubject.PERSON: (PersonFilter, Person),
}


@pytest.fixture(params=[1000, 1], ids=["few", "many"])
def few(request: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many still count as few."""
    limit: int = request.param
    for module in (lists, properties):
        monkeypatch.setattr(module, "FEW", limit)
    return limit


def fill(kind: PropertyKind) -> list[CustomProperty]:
    """A record for each stored value, and some that hold nothing or another property."""
    definitions = [
        CustomProperty.objects.create(
            subject=subject, key="key", label="Key", kind=kind, choices=["North", "Süd"]
        )
        for subject in RECORDS
    ]
    held = [{"key": value, "other": "North"} for value in STORED[kind]]
    for number, values in enumerate([*held, {}, {"other": "North"}]):
        stamp = "2026-01-01T00:00:00Z" if number % 4 == 3 else None
        make_organization(f"Firm {number}", property_values=values, archived_at=stamp)
        make_person(f"p{number}@acme.test", property_values=values, archived_at=stamp)
    return definitions


@pytest.mark.parametrize(("kind", "operator", "value"), CASES)
def test_every_kind_and_operator_finds_what_the_records_say(
    scope: Any, few: int, kind: PropertyKind, operator: str, value: str
) -> None:
    name = f"property.key.{operator}" if operator else "property.key"
    for definition in fill(kind):
        grammar, model = RECORDS[PropertySubject(definition.subject)]
        for state in ("active", "archived", "all"):
            chosen = grammar.read_strictly({name: value, "state": state})
            [condition] = chosen.conditions
            inside = grammar(state=state).of(model.objects.all())
            said = those_with(
                inside, definition, operator=condition.operator, value=condition.value
            )
            expected = sorted(said.values_list("pk", flat=True))
            assert sorted(chosen.of(model.objects.all()).values_list("pk", flat=True)) == expected
            walked = chosen.of(walking(model.objects.all()))
            assert sorted(walked.values_list("pk", flat=True)) == expected
            count, rows = chosen.counted(1001, model.objects.all())
            assert count == len(expected)
            page = keyset_page(rows, chosen.order, limit=100)
            assert sorted(row.pk for row in page.items) == expected
            assert chosen.count_up_to(1001, model.objects.all()) == count
            leads = condition.leads(inside)
            assert leads is None or count_up_to(1001, leads) == count
