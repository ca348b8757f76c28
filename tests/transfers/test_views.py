"""The pages of an import, and the worker between them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portico.clients.models import Organization, Person
from portico.operations.models import Operation
from portico.workspaces.models import Agent
from tests.conftest import sign_in
from tests.factories.workspaces import make_agent
from tests.transfers.imports import work_off

FILE = b"name,email,organization\nAnn,ann@a.test,Alpha\nBad,bad,Alpha\n"


def upload(browser: Client, content: bytes, *, name: str = "clients.csv", **data: str) -> Any:
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return browser.post("/imports/new/", {"kind": "people", "file": file, **data})


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def body_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content)
    answer.close()
    return content.decode("utf-8-sig")


def test_the_whole_way_from_file_to_result(owner_browser: Client) -> None:
    answer = upload(owner_browser, FILE)
    operation = Operation.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{operation.pk}/mapping/")

    page = owner_browser.get(answer["Location"])
    assert "2 rows · UTF-8 · separator: comma" in text_of(page)
    assert "Ann · Bad" in text_of(page)
    fields = {f"column-{place}": field for place, field in enumerate(("name", "email", ""))}
    choices = {"organization": "Omega", "unknown_organizations": "create", "existing": "skip"}
    answer = owner_browser.post(answer["Location"], {**fields, **choices})
    assert answer["Location"] == f"/imports/{operation.pk}/check/"

    assert "Checking the rows" in text_of(owner_browser.get(answer["Location"]))
    poll = owner_browser.get(answer["Location"], headers={"hx-request": "true"})
    assert text_of(poll).strip().startswith('<div class="p-progress"')
    work_off()
    poll = owner_browser.get(answer["Location"], headers={"hx-request": "true"})
    assert poll["HX-Refresh"] == "true"
    page = owner_browser.get(answer["Location"])
    assert "Import 1 row" in text_of(page)
    assert "Enter one e-mail address" in text_of(page)
    assert Person.objects.count() == 0

    answer = owner_browser.post(f"/imports/{operation.pk}/run/")
    assert answer["Location"] == f"/imports/{operation.pk}/"
    assert "Importing" in text_of(owner_browser.get(answer["Location"]))
    work_off()
    assert "1 row was imported." in text_of(owner_browser.get(answer["Location"]))
    assert list(Organization.objects.values_list("name", "people_count")) == [("Omega", 1)]
    lines = body_of(owner_browser.get(f"/imports/{operation.pk}/failures/")).splitlines()
    assert lines[1].startswith("Bad,bad,Alpha,2,email,")


def test_pressing_import_twice_starts_it_once(owner_browser: Client) -> None:
    upload(owner_browser, FILE)
    operation = Operation.objects.get()
    mapping = {"unknown_organizations": "create", "existing": "skip"}
    owner_browser.post(f"/imports/{operation.pk}/mapping/", mapping)
    work_off()
    for _press in range(2):
        answer = owner_browser.post(f"/imports/{operation.pk}/run/", {"form_token": "same"})
        assert answer["Location"] == f"/imports/{operation.pk}/"
    answer = owner_browser.post(f"/imports/{operation.pk}/run/", {"form_token": "other"})
    assert answer["Location"] == f"/imports/{operation.pk}/"
    work_off()

    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    (
        (b"", "The file is empty."),
        (b"PK\x03\x04 xl/workbook.xml", "This Excel workbook is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel workbook (.xls)."),
        (b"%PDF-1.7 \xff\xfe", "This file is not a table."),
        (b'name,email\n"Ann,ann@a.test\n', "A quotation mark in the file is opened"),
        (b"dn: cn=Ann\nmail: ann@a.test\n", "This is an LDIF address book."),
    ),
)
def test_a_file_that_is_not_what_it_says_is_refused_at_the_field(
    owner_browser: Client, content: bytes, reason: str
) -> None:
    answer = upload(owner_browser, content)

    assert answer.status_code == 422
    assert reason in text_of(answer)
    assert Operation.objects.count() == 0


def test_a_body_over_20_mib_is_refused_before_it_is_read(owner_browser: Client) -> None:
    answer = upload(owner_browser, b"name\n" + b"x" * (20 * 1024 * 1024))

    assert answer.status_code == 413


def test_no_file_is_said_at_the_field(owner_browser: Client) -> None:
    answer = owner_browser.post("/imports/new/", {"kind": "people"})

    assert answer.status_code == 422
    assert "Choose a file." in text_of(answer)


def test_a_files_name_is_harmless(owner_browser: Client) -> None:
    upload(owner_browser, FILE, name='<b>"x"\u202e.csv')
    operation = Operation.objects.get()
    page = text_of(owner_browser.get(f"/imports/{operation.pk}/mapping/"))

    assert "<b>" not in page
    assert str(operation.pk) in operation.file.name


def test_a_wrong_mapping_is_said_on_the_page(owner_browser: Client) -> None:
    upload(owner_browser, FILE)
    operation = Operation.objects.get()
    twice = {"column-0": "name", "column-1": "name", "existing": "skip"}
    answer = owner_browser.post(f"/imports/{operation.pk}/mapping/", twice)

    assert answer.status_code == 422
    assert "Two columns are mapped to" in text_of(answer)


def test_edge_case_46_the_same_file_again_is_recognised(
    owner_browser: Client, owner_actor: Any
) -> None:
    """Edge case 46: a second import of the same file is recognised by its hash."""
    from tests.transfers.imports import bring_in

    bring_in(owner_actor, "people", FILE)
    answer = upload(owner_browser, FILE)

    page = text_of(owner_browser.get(answer["Location"]))
    assert "This very file was imported on " in page
    assert "as “clients.csv”." in page


def test_old_links_lead_to_where_the_import_stands(owner_browser: Client, owner_actor: Any) -> None:
    from tests.transfers.imports import bring_in

    operation = bring_in(owner_actor, "people", FILE)
    for step in ("mapping", "check"):
        answer = owner_browser.get(f"/imports/{operation.pk}/{step}/")
        assert answer["Location"] == f"/imports/{operation.pk}/"


def test_an_import_is_undone_after_a_question(owner_browser: Client, owner_actor: Any) -> None:
    from tests.transfers.imports import bring_in

    operation = bring_in(owner_actor, "people", FILE)
    assert "removed for good" in text_of(owner_browser.get(f"/imports/{operation.pk}/undo/"))
    owner_browser.post(f"/imports/{operation.pk}/undo/")
    work_off()
    page = text_of(owner_browser.get(f"/imports/{operation.pk}/"))

    assert "The import was undone: 2 records removed, 0 kept." in page
    assert Person.objects.count() == 0


def test_cancel_stops_a_waiting_import(owner_browser: Client, owner_actor: Any) -> None:
    from portico.transfers.actions.imports import run_import
    from tests.transfers.imports import prepared

    operation = prepared(owner_actor, "people", FILE)
    run_import(owner_actor, operation.pk)
    owner_browser.post(f"/imports/{operation.pk}/cancel/")
    work_off()

    page = text_of(owner_browser.get(f"/imports/{operation.pk}/"))
    assert "Cancelled. Nothing was imported." in page


def test_only_those_who_may_import_see_the_pages(viewer: Agent) -> None:
    assert sign_in(viewer).get("/imports/new/").status_code == 403


def test_an_import_of_somebody_else_is_not_there(owner_actor: Any, scope: Any) -> None:
    from tests.transfers.imports import prepared

    operation = prepared(owner_actor, "people", FILE)
    other = make_agent("other@a.test", permissions=["import_clients"])

    assert sign_in(other).get(f"/imports/{operation.pk}/mapping/").status_code == 404


def test_one_row_is_one_row(owner_browser: Client) -> None:
    answer = upload(owner_browser, b"name,email\nLena,lena@acme.test\n")
    page = text_of(owner_browser.get(answer["Location"]))
    assert "1 row · UTF-8 · separator: comma" in page
