"""Every file of the real input: its counted result or one clear refusal, by command and by page.

The counts beside the files were made by others (`expected.json` and its README): records, and the
people there are when an address is required, valid and unique.
"""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portico.clients.models import Organization, Person
from portico.kit.tenancy.scope import open_scope
from portico.operations.models import Operation
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.config.commands.conftest import Portico, portico
from tests.transfers.imports import counts_of, work_off

__all__ = ["portico"]

pytestmark = pytest.mark.django_db

NO_NAME = "Choose the column with the name."
# The file, what it holds, and how many rows become records; or the words of its refusal.
PEOPLE: dict[str, int | str] = {
    # One address has letters with accents before the @, which are allowed today.
    "chinook/Customer.csv": 59,
    "chinook/Employee.csv": 8,
    "hubspot/contact_data.csv": 0,
    # Six addresses of 36 are odd, but valid for those who deliver mail.
    "splink/fake_1000.csv": 394,
    "publicbodies/br.csv": 226,
    "publicbodies/gr.csv": 22,
    "publicbodies/nz.csv": 0,
    "thunderbird/basic_csv_addressbook.csv": 2,
    "thunderbird/csv_semicolon.csv": 2,
    "thunderbird/utf16_addressbook.csv": 1,
    "chinook/Invoice.csv": NO_NAME,
    "chinook/InvoiceLine.csv": NO_NAME,
    "northwind/orders.csv": NO_NAME,
    "northwind/orderdetails.csv": NO_NAME,
    "northwind/products.csv": NO_NAME,
    # No addresses, and people need one here.
    "northwind/employees.csv": 0,
}
ORGANIZATIONS: dict[str, int | str] = {
    "northwind/customers.csv": 91,
    # Two have the name of a file where their web address should stand.
    "northwind/suppliers.csv": 27,
    "northwind/shippers.csv": 3,
    "classicmodels/customers_data.csv": 122,
    "salesforce/insertAccountCsv.csv": 100,
    "hubspot/company_data.csv": 24,
    "companies/sp500_constituents.csv": 503,
    # One web address is broken.
    "publicbodies/br.csv": 240,
    # Three web addresses are broken, sixteen names repeat.
    "publicbodies/gr.csv": 931,
    "publicbodies/nz.csv": 507,
}
OTHERS: dict[str, int | str] = {
    # Two cards have a number and no address.
    "vcard/John_Doe_ANDROID.vcf": 4,
    "vcard/John_Doe_EVOLUTION.vcf": 1,
    "vcard/John_Doe_GMAIL.vcf": 1,
    "vcard/John_Doe_IPHONE.vcf": 1,
    "vcard/John_Doe_MAC_ADDRESS_BOOK.vcf": 1,
    "vcard/John_Doe_MS_OUTLOOK.vcf": 1,
    "thunderbird/basic_vcard_addressbook.vcf": 2,
    "thunderbird/basic_ldif_addressbook.ldif": "This is an LDIF address book.",
    "hostile/blns.json": "This file is not a table.",
    "hostile/blns.txt": NO_NAME,
    "hostile/csv-payload.txt": NO_NAME,
    "email/isemail-tests.xml": "This file is not a table.",
    "names/common-forenames-by-country.csv": NO_NAME,
    "dialects/frictionless/table-with-accents.csv": NO_NAME,
}
CASES = [
    *(("people", path, result) for path, result in {**PEOPLE, **OTHERS}.items()),
    *(("organizations", path, result) for path, result in ORGANIZATIONS.items()),
]


@pytest.fixture
def counted(shared_data: Any) -> dict[str, Any]:
    """What others counted in the files."""
    files: dict[str, Any] = json.loads(shared_data("expected.json"))["files"]
    return files


@pytest.fixture
def without_addresses(scope: Any) -> None:
    """People need no address: contacts of organizations often have none in these files."""
    workspace = Workspace.objects.get()
    workspace.settings = {**workspace.settings, "email_required": False}
    workspace.save()


def test_every_counted_file_has_its_result_here(counted: dict[str, Any]) -> None:
    assert set(counted) <= {*PEOPLE, *ORGANIZATIONS}


@pytest.mark.parametrize(("kind", "path", "result"), CASES)
def test_the_command_gives_the_counted_result_or_one_refusal(
    portico: Portico, scope: Any, shared_data: Any, tmp_path: Any, counted: dict[str, Any],
    kind: str, path: str, result: int | str, request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    words = ["import", kind, _copied(tmp_path, path, shared_data(path)), "--workspace", "northstar"]
    if kind == "organizations":
        request.getfixturevalue("without_addresses")
    else:
        words += ["--organization", "Alpha"]
    done = portico(*words, "--json")
    if isinstance(result, str):
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(f"portico: {result}")
        assert Operation.objects.exclude(state="draft").count() == 0
        return
    numbers = json.loads(done.out)
    model = Person if kind == "people" else Organization
    assert (done.status, numbers["created"], model.objects.count()) == (0, result, result)
    if path in counted:
        assert numbers["rows"] == counted[path]["records"]


@pytest.mark.parametrize(("kind", "path", "result"), CASES)
def test_the_page_gives_the_counted_result_or_one_refusal(
    owner_browser: Client, shared_data: Any, kind: str, path: str, result: int | str,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    if kind == "organizations":
        request.getfixturevalue("without_addresses")
    file = SimpleUploadedFile(path.rsplit("/", 1)[-1], shared_data(path))
    answer = owner_browser.post("/imports/new/", {"kind": kind, "file": file})
    if answer.status_code == 302:
        choices = {"existing": "skip", "unknown_organizations": "create", "organization": "Alpha"}
        answer = owner_browser.post(answer["Location"], choices)
    if isinstance(result, str):
        assert answer.status_code == 422
        assert result in answer.content.decode()
        return
    with open_scope(scope_of(Workspace.objects.get())):
        work_off()
    operation = Operation.objects.get()
    assert operation.state == "checked", operation.last_error
    assert counts_of(operation).get("created", 0) == result
    assert owner_browser.get(answer["Location"]).status_code == 200


def _copied(folder: Any, path: str, content: bytes) -> str:
    """The path of a copy with the file's own name."""
    copy = folder / path.rsplit("/", 1)[-1]
    copy.write_bytes(content)
    return str(copy)
