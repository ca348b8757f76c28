"""Exports: what is in the file, in every format, and who gets it."""

import csv
import datetime
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
import python_calamine
from django.test import Client

from portico.clients.actions.organizations import update_organization
from portico.clients.actions.properties import create_property
from portico.clients.choices import PropertyKind, PropertySubject
from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.errors import Denied, Refused
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.operations.tasks import work_off_here
from portico.transfers.actions.exports import start_export
from portico.transfers.actions.imports import change_mapping, run_import
from portico.transfers.actions.preparing import prepare_import
from portico.transfers.reading.formulas import neutralised, restored
from portico.transfers.reading.mapping import propose_mapping
from portico.transfers.reading.table import open_table
from tests.conftest import sign_in
from tests.factories.clients import make_organization, make_person
from tests.factories.keys import make_key
from tests.factories.workspaces import actor_of, make_agent

COUNTS = ("people_count", "location_count")
STATES = ("id", "organization_id", "created_at", "updated_at", "archived_at")


def exported(actor: Actor, kind: Any, form: Any = "csv", **filters: str) -> bytes:
    operation = work_off_here(start_export(actor, kind, filters=filters, form=form))
    assert operation.state == OperationState.DONE, operation.last_error
    with operation.result_file.open("rb") as file:
        content: bytes = file.read()
    return content


def rows_of(content: bytes) -> list[dict[str, str]]:
    """As any program reads a CSV file."""
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def names(content: bytes) -> list[str]:
    return [row["name"] for row in rows_of(content)]


def imported(actor: Actor, kind: Any, content: bytes, name: str) -> Operation:
    operation = prepare_import(actor, kind, content=content, name=name)
    change_mapping(actor, operation.pk, choices={})
    return work_off_here(run_import(actor, operation.pk))


def without_states(content: bytes) -> list[dict[str, str]]:
    return [
        {name: text for name, text in row.items() if name not in STATES} for row in rows_of(content)
    ]


@pytest.fixture
def filled(scope: Any) -> None:
    """Organizations and people with every field of theirs."""
    acme = make_organization(
        "Acme, Windows & Söhne",
        reference="A-1",
        description='Two lines\nand "quotes"',
        website="https://acme.test/",
        address_street="Main St 1\nBack door",
        address_city="Köln",
        address_region="NRW",
        address_postal_code="01234",
        address_country="DE",
        membership_end_date=datetime.date(2030, 12, 31),
    )
    zero = make_organization("Zero")
    make_person("lena@acme.test", name="Lena Fischer", organization=acme, phone="+49 221 555-0101")
    make_person(
        "tom@acme.test",
        name="=Tom",
        organization=zero,
        given_name="Tom",
        family_name="Ng",
        position="-CEO",
        reference="007",
    )


def test_columns_are_the_fields_of_the_import(owner_actor: Actor, filled: None) -> None:
    [acme, zero] = rows_of(exported(owner_actor, "organizations"))
    assert acme["address.postal_code"] == "01234"
    assert acme["membership_end_date"] == "2030-12-31"
    assert acme["description"] == 'Two lines\nand "quotes"'
    assert (acme["is_active"], acme["people_count"]) == ("yes", "1")
    assert zero["name"] == "Zero"
    [tom, lena] = rows_of(exported(owner_actor, "people"))
    assert (lena["organization"], lena["phone"]) == ("Acme, Windows & Söhne", "+49 221 555-0101")
    assert (tom["name"], tom["position"], tom["reference"]) == ("'=Tom", "'-CEO", "007")


@pytest.mark.parametrize("kind", ["organizations", "people"])
def test_only_the_fields_of_the_import_map_back(
    owner_actor: Actor, filled: None, kind: Any
) -> None:
    header = open_table(exported(owner_actor, kind)).header
    mapping = propose_mapping(kind, header)
    assert all(column == field for column, field in mapping.items())
    read_only = {"id", "organization_id", "created_at", "updated_at", "effective_manager"}
    assert set(header) - set(mapping) == set(header) & {*read_only, *COUNTS}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_edge_case_51_an_export_maps_back_whole(
    owner_actor: Actor, filled: None, form: Any
) -> None:
    kinds: tuple[Any, ...] = ("organizations", "people")
    files = {kind: exported(owner_actor, kind, form) for kind in kinds}
    before = {kind: without_states(exported(owner_actor, kind)) for kind in kinds}
    Person.objects.all().delete()
    Organization.objects.all().delete()
    for kind in kinds:
        done = imported(owner_actor, kind, files[kind], f"{kind}.{form}")
        reasons = list(done.rows.values_list("field", "reason"))
        assert (done.counts["created"], reasons) == (2, [])
    assert {kind: without_states(exported(owner_actor, kind)) for kind in kinds} == before


def test_a_csv_file_has_a_byte_order_mark_and_crlf(owner_actor: Actor, filled: None) -> None:
    content = exported(owner_actor, "people")
    assert content.startswith(b"\xef\xbb\xbfreference,name,")
    assert content.count(b"\n") == content.count(b"\r\n") == 3


PHONES = [
    "+49 221 5550101",
    "+1-555-010-9999",
    "+1 (555) 010-9999",
    "+44 20 7946 0958 ext. 12",
    "+49221555x7",
    "+49/221/555.01",
]


@pytest.mark.parametrize("phone", PHONES)
def test_edge_case_51_telephone_numbers_stay_as_they_are(phone: str) -> None:
    assert neutralised(phone) == phone == restored(phone)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "+12345+1",
        "-1-1",
        "- 1",
        "-.",
        "-1,2",
        "-A1",
        "-1E",
        "-\u0661",
        "+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "+A1",
        "+1234A5",
        "'=1",
    ],
)
def test_edge_case_51_what_could_be_a_formula_is_made_harmless(cell: str) -> None:
    assert neutralised(cell) == f"'{cell}"
    assert restored(neutralised(cell)) == cell


@pytest.mark.parametrize("number", ["-5.2", "-1", "-0", "-1000000", "-0.00001", "-1E-7", "-1e+20"])
def test_edge_case_51_a_plain_number_stays_as_it_is(number: str) -> None:
    assert neutralised(number) == number == restored(number)
    assert restored(neutralised(f"'{number}")) == f"'{number}"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_negative_numbers_of_a_property_come_out_as_numbers_and_back(
    owner_actor: Actor, form: Any
) -> None:
    fields = {"label": "Balance", "kind": PropertyKind.NUMBER}
    create_property(owner_actor, PropertySubject.ORGANIZATION, fields)
    acme = make_organization("Acme")
    change = {"property.balance": "-5.2"}
    update_organization(owner_actor, acme.pk, change, version=acme.version)
    content = exported(owner_actor, "organizations", form)
    table = open_table(content, name=f"x.{form}")
    place = table.header.index("property.balance")
    assert [cells[place] for _number, cells in table.rows()] == ["-5.2"]
    if form == "csv":
        assert rows_of(content)[0]["property.balance"] == "-5.2"
    operation = prepare_import(owner_actor, "organizations", content=content, name=f"x.{form}")
    change_mapping(owner_actor, operation.pk, choices={"existing": "update"})
    counts = work_off_here(run_import(owner_actor, operation.pk)).counts
    assert (counts["rows"], counts["unchanged"]) == (1, 1)


def hostile(shared_data: Callable[[str], bytes]) -> list[str]:
    payloads = shared_data("hostile/csv-payload.txt").decode().splitlines()
    assert len(payloads) == 6
    strings = json.loads(shared_data("hostile/blns.json"))
    kept = [text for text in strings if text.strip() and "\x00" not in text]
    odd = ["'=1", "''=1", "'+49 221 555010", "'plain", " =1", "\t=1", "+49 221 5550101"]
    return [*payloads, *(text for text in kept if text.isprintable()), *odd]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_edge_case_51_hostile_texts_come_back_as_they_were(
    owner_actor: Actor, shared_data: Callable[[str], bytes], form: Any
) -> None:
    texts = hostile(shared_data)
    for text in texts:
        make_organization("Named", description=text)
    content = exported(owner_actor, "organizations", form)
    table = open_table(content, name=f"x.{form}")
    place = table.header.index("description")
    assert [cells[place] for _number, cells in table.rows()] == texts


def test_edge_case_51_no_cell_of_a_sheet_is_a_formula_or_a_number(
    owner_actor: Actor, shared_data: Callable[[str], bytes]
) -> None:
    for text in hostile(shared_data)[:6]:
        make_organization("Named", description=text, reference=text[:100])
    make_organization("12", reference="00012")
    content = exported(owner_actor, "organizations", "xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheet = book.get_sheet_by_index(0)
    assert {type(cell) for row in sheet.to_python() for cell in row} == {str}
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_edge_case_51_no_cell_of_a_csv_file_begins_like_a_formula(
    owner_actor: Actor, shared_data: Callable[[str], bytes]
) -> None:
    for text in hostile(shared_data):
        make_organization("Named", description=text)
    rows = rows_of(exported(owner_actor, "organizations"))
    cells = [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in {*"=+-@"}]
    numbers = {"-1", "-1.00", "-1E2", "-1E02", "-1E+02", "-0", "-0.0"}
    assert set(cells) == {*numbers, "+49 221 5550101"}


def test_json_holds_what_the_api_shows(owner_actor: Actor, owner: Any, filled: None) -> None:
    key = make_key(owner)
    shown = Client().get("/api/v1/people", headers={"authorization": f"Bearer {key}"})
    assert json.loads(exported(owner_actor, "people", "json")) == shown.json()["items"]
    Person.objects.all().delete()
    assert json.loads(exported(owner_actor, "people", "json")) == []


def test_edge_case_51_the_filter_is_the_one_at_click_time(owner_actor: Actor, filled: None) -> None:
    operation = start_export(owner_actor, "people", filters={"q": "lena"})
    make_person("lena2@acme.test", name="Lena Later")
    content = exported(owner_actor, "people", q="lena")
    assert len(rows_of(content)) == 2
    assert operation.options["filter"] == {"q": "lena"}


def test_a_mistyped_filter_exports_nothing(owner_actor: Actor) -> None:
    with pytest.raises(Refused):
        start_export(owner_actor, "people", filters={"organisation": "x"})
    assert not Operation.objects.exists()


def test_archived_ones_are_left_out_unless_asked_for(owner_actor: Actor, filled: None) -> None:
    Person.objects.filter(name="=Tom").update(archived_at=datetime.datetime.now(datetime.UTC))
    assert len(rows_of(exported(owner_actor, "people"))) == 1
    assert len(rows_of(exported(owner_actor, "people", state="all"))) == 2


def test_another_workspace_is_never_in_it(
    owner_actor: Actor, filled: None, other_workspace: Any
) -> None:
    from portico.kit.tenancy.scope import open_scope
    from portico.workspaces.context import scope_of

    with open_scope(scope_of(other_workspace)):
        make_person("canary@zenith.test", name="Canary")
    assert b"canary" not in exported(owner_actor, "people", state="all")


def test_who_may_not_export_is_refused(viewer: Any, filled: None) -> None:
    with pytest.raises(Denied):
        start_export(actor_of(viewer), "people", filters={})


def test_a_right_that_is_gone_stops_it(filled: None, owner: Any) -> None:
    manager = make_agent("m@northstar.test", name="Mo", roles=["Manager"])
    operation = start_export(actor_of(manager), "people", filters={})
    manager.role_assignments.all().delete()
    assert work_off_here(operation).state == OperationState.FAILED
    assert not operation.result_file


def test_the_page_starts_it_and_offers_the_file(owner_browser: Client, filled: None) -> None:
    address = "/exports/new/?kind=people&q=lena"
    page = owner_browser.get(address)
    assert "The filters of the list apply." in page.content.decode()
    token = page.content.decode().split('name="form_token" value="')[1].split('"')[0]
    answer = owner_browser.post(address, {"format": "xlsx", "form_token": token})
    operation = Operation.objects.get()
    assert answer["Location"] == f"/operations/{operation.pk}/"
    work_off_here(operation)
    file: Any = owner_browser.get(f"/operations/{operation.pk}/file/")
    assert file["Content-Type"].startswith("application/vnd.openxmlformats")
    assert file["Content-Disposition"].startswith("attachment; filename=")
    assert file["Content-Disposition"].endswith('.xlsx"')
    assert len(b"".join(file.streaming_content)) > 0


def test_both_lists_lead_to_it_with_their_filters(owner_browser: Client, filled: None) -> None:
    page = owner_browser.get("/people/?q=lena&sort=-name").content.decode()
    assert "/exports/new/?q=lena&amp;sort=-name&amp;kind=people" in page
    page = owner_browser.get("/organizations/").content.decode()
    assert "/exports/new/?kind=organizations" in page


def test_nobody_else_gets_the_file(owner_browser: Client, filled: None, owner: Any) -> None:
    operation = work_off_here(start_export(actor_of(owner), "people", filters={}))
    colleague = make_agent("m@northstar.test", name="Mo", roles=["Manager"])
    address = f"/operations/{operation.pk}/file/"
    file: Any = owner_browser.get(address)
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert len(b"".join(file.streaming_content)) > 0
    assert sign_in(colleague).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_api_starts_it_and_leads_to_the_file(owner: Any, filled: None) -> None:
    browser = Client(headers={"authorization": f"Bearer {make_key(owner)}"})
    answer = browser.post(
        "/api/v1/people/export",
        {"filter": {"q": "lena"}, "format": "csv"},
        content_type="application/json",
    )
    assert answer.status_code == 202
    operation = Operation.objects.get()
    assert answer["Location"] == f"/api/v1/operations/{operation.pk}"
    assert answer.json()["state"] == "waiting"
    assert browser.get(f"{answer['Location']}/file").status_code == 404
    work_off_here(operation)
    body = browser.get(answer["Location"]).json()
    assert (body["state"], body["done"], body["counts"]) == ("done", 1, {"rows": 1})
    file: Any = browser.get(body["file_url"])
    assert names(b"".join(file.streaming_content)) == ["Lena Fischer"]
    listed = browser.get("/api/v1/operations").json()["items"]
    assert [item["id"] for item in listed] == [str(operation.pk)]


def test_the_api_refuses_unknown_filters_and_formats(owner: Any) -> None:
    browser = Client(headers={"authorization": f"Bearer {make_key(owner)}"})
    bodies: list[dict[str, Any]] = [
        {"filter": {"colour": "red"}},
        {"format": "pdf"},
        {"filters": {}},
    ]
    for body in bodies:
        answer = browser.post("/api/v1/organizations/export", body, content_type="application/json")
        assert answer.status_code in {400, 422}, body
    assert not Operation.objects.exists()


def test_an_export_keeps_no_character_that_a_database_refuses(owner_actor: Actor) -> None:
    operation = start_export(owner_actor, "people", filters={"q": "le\x00na"})
    operation.refresh_from_db()
    assert operation.options["filter"] == {"q": "lena"}
