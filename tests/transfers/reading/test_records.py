from collections import Counter
from collections.abc import Callable
from datetime import date
from time import process_time

import pytest

from portico.kit.errors import Refused
from portico.transfers.reading.drafts import AddressDraft, OrganizationDraft, PersonDraft
from portico.transfers.reading.fields import Kind
from portico.transfers.reading.mapping import propose_mapping
from portico.transfers.reading.records import ReadRow, RowReader
from portico.transfers.reading.table import open_table

ReadShared = Callable[[str], bytes]


def read_one(kind: Kind, *, date_order: str = "mdy", **cells: str) -> ReadRow:
    """Reads a row whose columns are named like their fields ("__" for the dot)."""
    header = [name.replace("__", ".") for name in cells]
    mapping = {column: column for column in header}
    reader = RowReader(kind, header, mapping=mapping, date_order=date_order)
    return reader.read(tuple(cells.values()))


def person(**cells: str) -> PersonDraft:
    draft = read_one("people", **cells).draft
    assert isinstance(draft, PersonDraft)
    return draft


def organization(**cells: str) -> OrganizationDraft:
    draft = read_one("organizations", **cells).draft
    assert isinstance(draft, OrganizationDraft)
    return draft


def problems(kind: Kind, **cells: str) -> list[tuple[str, str]]:
    result = read_one(kind, **cells)
    assert result.draft is None
    return [(problem.field, problem.code) for problem in result.problems]


def counted(content: bytes, kind: Kind, *, email_required: bool = False) -> Counter[str]:
    """What an import would do with the rows of a file, as far as the file alone tells."""
    table = open_table(content)
    mapping = propose_mapping(kind, table.header)
    reader = RowReader(kind, table.header, mapping=mapping, email_required=email_required)
    counts: Counter[str] = Counter()
    seen: set[str] = set()
    for _, cells in table.rows():
        result = reader.read(cells)
        if result.draft is None:
            counts["refused"] += 1
            counts.update(f"{problem.field}:{problem.code}" for problem in result.problems)
            continue
        key = result.draft.email_key if isinstance(result.draft, PersonDraft) else ""
        counts["duplicates" if key and key in seen else "created"] += 1
        seen.add(key)
        contact = result.draft.contact if isinstance(result.draft, OrganizationDraft) else None
        counts["contacts"] += contact is not None
    return +counts


@pytest.mark.parametrize(
    ("path", "expected"),
    (
        ("splink/fake_1000.csv", {
            "created": 394, "duplicates": 365, "refused": 241, "email:missing": 211,
            "email:invalid_email": 30,
        }),
        ("chinook/Customer.csv", {"created": 59}),
        ("chinook/Employee.csv", {"created": 8}),
        ("hubspot/contact_data.csv", {"refused": 22, "email:invalid_email": 22}),
        ("publicbodies/br.csv", {
            "created": 226, "duplicates": 14, "refused": 1, "email:missing": 1,
        }),
        ("publicbodies/gr.csv", {
            "created": 22, "duplicates": 2, "refused": 926, "email:missing": 925,
            "email:invalid_email": 1, "phone:too_long": 1,
        }),
        ("publicbodies/nz.csv", {"refused": 507, "email:missing": 507}),
        ("thunderbird/basic_csv_addressbook.csv", {"created": 2}),
        ("thunderbird/csv_semicolon.csv", {"created": 2}),
        ("thunderbird/utf16_addressbook.csv", {"created": 1}),
    ),
)  # fmt: skip
def test_people_of_the_real_files_are_counted_as_written_down(
    shared_data: ReadShared, path: str, expected: dict[str, int]
) -> None:
    assert counted(shared_data(path), "people", email_required=True) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    (
        ("northwind/customers.csv", {"created": 91, "contacts": 91}),
        # Two suppliers have the name of a file where their web address should stand.
        ("northwind/suppliers.csv", {
            "created": 27, "contacts": 27, "refused": 2, "website:invalid_website": 2,
        }),
        ("classicmodels/customers_data.csv", {"created": 122, "contacts": 122}),
        ("companies/sp500_constituents.csv", {"created": 503}),
        ("salesforce/insertAccountCsv.csv", {"created": 100}),
        ("publicbodies/nz.csv", {"created": 507}),
        ("publicbodies/br.csv", {"created": 240, "refused": 1, "website:invalid_website": 1}),
        ("publicbodies/gr.csv", {"created": 947, "refused": 3, "website:invalid_website": 3}),
    ),
)  # fmt: skip
def test_organizations_of_the_real_files_are_counted(
    shared_data: ReadShared, path: str, expected: dict[str, int]
) -> None:
    assert counted(shared_data(path), "organizations") == expected


def test_a_row_of_northwind_becomes_an_organization_with_a_contact(
    shared_data: ReadShared,
) -> None:
    table = open_table(shared_data("northwind/customers.csv"))
    mapping = propose_mapping("organizations", table.header)
    reader = RowReader("organizations", table.header, mapping=mapping)
    assert reader.read(next(table.rows())[1]) == ReadRow(
        OrganizationDraft(
            reference="ALFKI",
            name="Alfreds Futterkiste",
            address=AddressDraft(
                street="Obere Str. 57", city="Berlin", postal_code="12209", country="DE"
            ),
            contact=PersonDraft(
                name="Maria Anders", position="Sales Representative", phone="030-0074321"
            ),
        )
    )


def test_tags_of_new_zealand_are_separated_by_blanks(shared_data: ReadShared) -> None:
    table = open_table(shared_data("publicbodies/nz.csv"))
    mapping = propose_mapping("organizations", table.header)
    reader = RowReader("organizations", table.header, mapping=mapping)
    drafts = [reader.read(cells).draft for _, cells in table.rows()]
    tags = [draft.tags for draft in drafts if draft is not None and draft.tags]
    assert (len(tags), len({tag for some in tags for tag in some})) == (190, 8)


def test_a_name_is_joined_unless_it_is_written() -> None:
    assert person(given_name=" Ana ", family_name="Trujillo").name == "Ana Trujillo"
    assert person(name="A. T.", given_name="Ana", family_name="Trujillo").name == "A. T."
    assert person(name="", email="a@x.com").name == ""


def test_a_person_needs_a_name_or_an_address() -> None:
    assert problems("people", name="", email=" ", phone="1") == [("name", "missing")]


def test_every_problem_of_a_row_is_told_at_once() -> None:
    assert problems("people", name="\0", email="anna", reference="r" * 101) == [
        ("name", "control_characters"),
        ("email", "invalid_email"),
        ("reference", "too_long"),
    ]


def test_an_organization_needs_a_name_of_two_characters() -> None:
    assert problems("organizations", name="", website="x.com") == [("name", "missing")]
    assert problems("organizations", name="X") == [("name", "too_short")]
    assert organization(name="3M").name == "3M"


def test_formulas_are_plain_text_and_leading_zeros_stay() -> None:
    draft = person(name="=1+1", phone="+41 (0)79", position="@sum", reference="00123")
    assert (draft.name, draft.phone, draft.position, draft.reference) == (
        "=1+1", "+41 (0)79", "@sum", "00123",
    )  # fmt: skip


def test_line_breaks_in_one_line_fields_become_blanks() -> None:
    assert organization(name="Acme\r\n  Windows\t Ltd").name == "Acme Windows Ltd"
    assert organization(name="Acme", description="a\r\nb").description == "a\nb"


def test_several_values_that_google_joins_give_the_first() -> None:
    draft = person(email="a@x.com ::: b@x.com", phone="1 ::: 2", tags="* myContacts ::: VIP")
    assert (draft.email, draft.phone, draft.tags) == ("a@x.com", "1", ("VIP",))


def test_tags_are_separated_and_stand_once() -> None:
    assert organization(name="Acme", tags="VIP; North | vip,Solar Power").tags == (
        "VIP", "North", "Solar Power",
    )  # fmt: skip


def test_an_unknown_country_stays_as_text_with_a_notice() -> None:
    known = read_one("organizations", name="Acme", address__country="UK")
    unknown = read_one("organizations", name="Acme", address__country="Atlantis")
    assert isinstance(known.draft, OrganizationDraft)
    assert isinstance(unknown.draft, OrganizationDraft)
    assert (known.draft.address.country, known.notices) == ("GB", ())
    assert unknown.draft.address.country == "Atlantis"
    assert [notice.code for notice in unknown.notices] == ["unknown_country"]


def test_a_contact_without_name_and_address_is_left_out_with_a_notice() -> None:
    result = read_one("organizations", name="Acme", contact__phone="1")
    assert isinstance(result.draft, OrganizationDraft)
    assert result.draft.contact is None
    assert [notice.code for notice in result.notices] == ["contact_left_out"]


def test_a_wrong_address_of_the_contact_refuses_the_row() -> None:
    assert problems("organizations", name="Acme", contact__email="x") == [
        ("contact.email", "invalid_email")
    ]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    (
        ("2027-03-04", "mdy", date(2027, 3, 4)),
        ("2027-03-04 00:00:00", "mdy", date(2027, 3, 4)),
        ("2027-03-04T10:00:00Z", "dmy", date(2027, 3, 4)),
        ("3/4/2027", "mdy", date(2027, 3, 4)),
        ("3.4.2027", "dmy", date(2027, 4, 3)),
        ("2027/03/04", "dmy", date(2027, 3, 4)),
    ),
)
def test_dates_are_read_in_the_given_order(text: str, order: str, expected: date) -> None:
    result = read_one("organizations", date_order=order, name="Acme", membership_end_date=text)
    assert isinstance(result.draft, OrganizationDraft)
    assert result.draft.membership_end_date == expected


@pytest.mark.parametrize(
    "text", ("46085", "3/4/27", "31/12/2027", "2027-02-30", "soon", "3/4-2027")
)
def test_dates_that_could_mean_another_day_are_refused(text: str) -> None:
    assert problems("organizations", name="Acme", membership_end_date=text) == [
        ("membership_end_date", "invalid_date")
    ]


def test_damaged_characters_refuse_the_row() -> None:
    assert problems("people", name="Andr\ufffd") == [("name", "damaged_characters")]


def test_properties_are_texts_under_their_keys() -> None:
    assert person(name="Anna", property__vat="CH-1").properties == {"vat": "CH-1"}


def test_a_row_that_is_longer_than_its_header_is_refused() -> None:
    reader = RowReader("people", ["name"], mapping={"name": "name"})
    assert [problem.code for problem in reader.read(("Anna", "Bern")).problems] == ["uneven_row"]


def test_a_reader_refuses_a_mapping_that_does_not_fit() -> None:
    with pytest.raises(Refused):
        RowReader("people", ["name"], mapping={"nom": "name"})


def test_ten_thousand_rows_take_less_than_a_second() -> None:
    rows = (f"Róbert {n},Alan,r{n}@smith{n % 700}.net,Acme,+44 20 {n}\r\n" for n in range(10_000))
    content = ("first_name,surname,email,company,phone\r\n" + "".join(rows)).encode()
    began = process_time()
    assert counted(content, "people") == {"created": 10_000}
    assert process_time() - began < 1
