from collections.abc import Callable

import pytest

from portico.kit.errors import Refused
from portico.transfers.reading.fields import fields_of
from portico.transfers.reading.mapping import (
    changed_mapping,
    check_mapping,
    export_name,
    propose_mapping,
)
from portico.transfers.reading.table import open_table

ReadShared = Callable[[str], bytes]
GOOGLE = [
    "First Name",
    "Middle Name",
    "Last Name",
    "Nickname",
    "Organization Name",
    "Organization Title",
    "Labels",
    "E-mail 1 - Label",
    "E-mail 1 - Value",
    "Phone 1 - Label",
    "Phone 1 - Value",
]
GOOGLE_OLDER = [
    "Name",
    "Given Name",
    "Additional Name",
    "Family Name",
    "Group Membership",
    "E-mail 1 - Type",
    "E-mail 1 - Value",
    "Organization 1 - Name",
    "Organization 1 - Title",
]
OUTLOOK = [
    "Title",
    "First Name",
    "Middle Name",
    "Last Name",
    "Company",
    "Department",
    "Job Title",
    "Business Street",
    "Business City",
    "Business State",
    "Business Postal Code",
    "Business Country/Region",
    "Business Phone",
    "Mobile Phone",
    "E-mail Address",
    "E-mail 2 Address",
    "Notes",
    "Web Page",
]
ZENDESK = [
    "name",
    "email",
    "external_id",
    "details",
    "notes",
    "phone",
    "role",
    "restriction",
    "organization",
    "tags",
]
XERO = [
    "*ContactName",
    "AccountNumber",
    "EmailAddress",
    "FirstName",
    "LastName",
    "POAttentionTo",
    "POAddressLine1",
    "POAddressLine2",
    "POCity",
    "PORegion",
    "POPostalCode",
    "POCountry",
    "SAAddressLine1",
    "PhoneNumber",
    "Website",
]
HUBSPOT = [
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Phone Number",
    "Contact owner",
    "Associated Company",
]
PIPEDRIVE = [
    "Person - ID",
    "Person - Name",
    "Person - Email",
    "Person - Phone",
    "Organization - Name",
]


@pytest.mark.parametrize(
    ("header", "name", "expected"),
    (
        (GOOGLE, "Google Contacts", {
            "First Name": "given_name", "Last Name": "family_name",
            "Organization Name": "organization", "Organization Title": "position",
            "Labels": "tags", "E-mail 1 - Value": "email", "Phone 1 - Value": "phone",
        }),
        (GOOGLE_OLDER, "Google Contacts", {
            "Name": "name", "Given Name": "given_name", "Family Name": "family_name",
            "Group Membership": "tags", "E-mail 1 - Value": "email",
            "Organization 1 - Name": "organization", "Organization 1 - Title": "position",
        }),
        (OUTLOOK, "Outlook", {
            "First Name": "given_name", "Last Name": "family_name", "Company": "organization",
            "Job Title": "position", "Business Phone": "phone", "E-mail Address": "email",
        }),
        (ZENDESK, "Zendesk", {
            "name": "name", "email": "email", "external_id": "reference", "phone": "phone",
            "organization": "organization", "tags": "tags",
        }),
        (XERO, "Xero", {
            "*ContactName": "organization", "EmailAddress": "email", "FirstName": "given_name",
            "LastName": "family_name", "PhoneNumber": "phone",
        }),
        (HUBSPOT, "HubSpot", {
            "Record ID": "reference", "First Name": "given_name", "Last Name": "family_name",
            "Email": "email", "Phone Number": "phone", "Associated Company": "organization",
        }),
        (PIPEDRIVE, "Pipedrive", {
            "Person - ID": "reference", "Person - Name": "name", "Person - Email": "email",
            "Person - Phone": "phone", "Organization - Name": "organization",
        }),
    ),
)  # fmt: skip
def test_known_exports_of_people_map_by_themselves(
    header: list[str], name: str, expected: dict[str, str]
) -> None:
    assert export_name(header) == name
    assert propose_mapping("people", header) == expected


def test_xero_contacts_are_organizations_with_an_address() -> None:
    mapping = propose_mapping("organizations", XERO)
    assert mapping["*ContactName"] == "name"
    assert mapping["AccountNumber"] == "reference"
    assert mapping["POAddressLine1"] == mapping["POAddressLine2"] == "address.street"
    assert mapping["EmailAddress"] == "contact.email"
    assert "SAAddressLine1" not in mapping


@pytest.mark.parametrize(
    ("path", "expected"),
    (
        ("northwind/customers.csv", {
            "CustomerID": "reference", "CompanyName": "name", "ContactName": "contact.name",
            "ContactTitle": "contact.position", "Address": "address.street",
            "City": "address.city", "Region": "address.region",
            "PostalCode": "address.postal_code", "Country": "address.country",
            "Phone": "contact.phone",
        }),
        ("classicmodels/customers_data.csv", {
            "CUSTOMERNUMBER": "reference", "CUSTOMERNAME": "name",
            "CONTACTLASTNAME": "contact.family_name", "CONTACTFIRSTNAME": "contact.given_name",
            "PHONE": "contact.phone", "ADDRESSLINE1": "address.street",
            "ADDRESSLINE2": "address.street", "CITY": "address.city", "STATE": "address.region",
            "POSTALCODE": "address.postal_code", "COUNTRY": "address.country",
        }),
        ("companies/sp500_constituents.csv", {
            "Symbol": "reference", "Security": "name", "GICS Sector": "tags",
        }),
        ("salesforce/insertAccountCsv.csv", {
            "NAME": "name", "ACCOUNTNUMBER__C": "reference", "WEBSITE": "website",
        }),
        ("hubspot/company_data.csv", {
            "id": "reference", "property_name": "name", "property_description": "description",
            "property_address": "address.street", "property_address_2": "address.street",
            "property_city": "address.city", "property_state": "address.region",
            "property_country": "address.country",
        }),
        ("publicbodies/br.csv", {
            "name": "name", "description": "description", "url": "website",
            "address": "address.street", "tags": "tags",
        }),
    ),
)  # fmt: skip
def test_real_files_of_organizations_map_by_themselves(
    shared_data: ReadShared, path: str, expected: dict[str, str]
) -> None:
    assert propose_mapping("organizations", open_table(shared_data(path)).header) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    (
        ("splink/fake_1000.csv", {
            "first_name": "given_name", "surname": "family_name", "email": "email",
        }),
        ("chinook/Customer.csv", {
            "CustomerId": "reference", "FirstName": "given_name", "LastName": "family_name",
            "Company": "organization", "Phone": "phone", "Email": "email",
        }),
        ("thunderbird/csv_semicolon.csv", {
            "Display Name": "name", "First Name": "given_name", "Last Name": "family_name",
            "Primary Email": "email",
        }),
        ("hubspot/contact_data.csv", {
            "property_email": "email", "id": "reference", "property_company": "organization",
            "property_firstname": "given_name", "property_lastname": "family_name",
            "property_jobtitle": "position",
        }),
    ),
)  # fmt: skip
def test_real_files_of_people_map_by_themselves(
    shared_data: ReadShared, path: str, expected: dict[str, str]
) -> None:
    assert propose_mapping("people", open_table(shared_data(path)).header) == expected


@pytest.mark.parametrize("kind", ("people", "organizations"))
def test_our_own_field_names_map_to_themselves(kind: str) -> None:
    header = [*fields_of(kind), "property.vat_number"]  # type: ignore[arg-type]
    assert propose_mapping(kind, header) == {column: column for column in header}  # type: ignore[arg-type]


def test_a_mailbox_without_a_contact_makes_no_person() -> None:
    assert propose_mapping("organizations", ["name", "email", "phone"]) == {"name": "name"}


def test_a_change_takes_the_field_from_the_proposed_column() -> None:
    header = ["Name", "Full name", "Mail", "Street", "Suite"]
    proposed = {"Name": "name", "Mail": "email"}
    changed = changed_mapping(
        "people", header, mapping=proposed, changes={"full NAME": "name", "Mail": ""}
    )
    assert changed == {"Full name": "name"}


def test_several_columns_may_fill_the_street_and_the_tags() -> None:
    header = ["Name", "Street", "Suite"]
    changes = {"Street": "address.street", "Suite": "address.street"}
    assert changed_mapping("organizations", header, mapping={"Name": "name"}, changes=changes) == {
        "Name": "name",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    (
        ({"Nickname": "name"}, "unknown_column"),
        ({"Mail": "address.city"}, "unknown_field"),
        ({"Mail": "property."}, "unknown_field"),
        ({"Mail": "email", "Mail 2": "email"}, "mapped_twice"),
    ),
)
def test_a_change_that_cannot_be_made_is_refused(changes: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        changed_mapping("people", ["Name", "Mail", "Mail 2"], mapping={}, changes=changes)
    assert refusal.value.code == code


def test_the_refusal_of_a_column_names_the_columns_of_the_file() -> None:
    with pytest.raises(Refused) as refusal:
        changed_mapping("people", ["Name", "Mail"], mapping={}, changes={"E-Mail": "email"})
    assert "Name, Mail" in refusal.value.detail


def test_a_mapping_needs_a_name_and_known_properties() -> None:
    with pytest.raises(Refused) as refusal:
        check_mapping("organizations", ["City"], mapping={"City": "address.city"})
    assert refusal.value.code == "name_not_mapped"
    mapping = {"Name": "name", "VAT": "property.vat"}
    check_mapping("organizations", ["Name", "VAT"], mapping=mapping, property_keys={"vat"})
    with pytest.raises(Refused) as refusal:
        check_mapping("organizations", ["Name", "VAT"], mapping=mapping, property_keys={"tax"})
    assert refusal.value.code == "unknown_field"
