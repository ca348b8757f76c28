"""The pictures of README and docs, taken of the example data; `PORTICO_PICTURES=1` writes them."""

import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from portico.clients.actions.organizations import update_organization
from portico.clients.actions.people import archive_people
from portico.clients.actions.tags import tag_organizations
from portico.clients.models import AccountManager, Location, Organization, Person
from portico.insight.actions import ViewDraft, create_view
from portico.insight.choices import ViewSubject
from portico.setup.actions import create_example_data
from portico.transfers.reading.fields import Kind
from portico.workspaces.models import Agent
from tests.factories.clients import make_organization, make_person
from tests.factories.workspaces import PASSWORD, actor_of, make_agent
from tests.transfers.imports import checked, prepared, work_off

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "pictures"
MOST_BYTES = 150_000
KIND: Kind = "people"
FILE = (
    "Full name,Mail,Job,Firm\n"
    "Mikkel Sørensen,mikkel@sorensen.example,Director,Sørensen Byg ApS\n"
    "Grace Okafor,grace@okafor.example,Site lead,Okafor Joinery\n"
    "Lena Fischer,lena.fischer@,Accounts,Fischer Fenster\n"
    "Tomás Vidal,tomas@vidal.example,Buyer,Vidal e Hijos\n"
    "Grace Okafor,grace@okafor.example,Site lead,Okafor Joinery\n"
    "Aoife Byrne,aoife@byrne.example,Owner,Byrne Glass\n"
)
MAPPING = {"Full name": "name", "Mail": "email", "Job": "position", "Firm": "organization"}

PASTED = (
    "Martha Birch <martha@birchandsons.example>\n"
    "Owen Birch <owen@birchandsons.example>\n"
    "Eleanor Birch <eleanor@birchandsons.example>"
)
NINE = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)

OpenPage = Callable[..., Page]


@pytest.fixture(autouse=True)
def at_nine() -> Iterator[None]:
    """The same day on every picture."""
    with time_machine.travel(NINE):
        yield


@pytest.fixture
def filled(owner: Agent) -> Agent:
    """The owner of a workspace with the example data, some of it tagged and looked after."""
    create_example_data(actor_of(owner))
    ana = make_agent("ana@northstar.example", name="Ana Rivera")
    rows = Organization.objects.active()
    for name, references in (("Retainer", ("EX-001", "EX-004")), ("Website", ("EX-001", "EX-009"))):
        tag_organizations(actor_of(owner), rows.filter(reference__in=references), names=[name])
    for row in rows.filter(reference__in=("EX-001", "EX-005", "EX-009")):
        AccountManager.objects.create(organization=row, agent=ana, is_first=True)
    return owner


def take(page: Page, name: str) -> None:
    """Write the picture if pictures are asked for; README and docs show it."""
    page.evaluate("document.fonts.ready")
    if os.environ.get("PORTICO_PICTURES") == "1":
        FOLDER.mkdir(exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    assert (FOLDER / f"{name}.png").stat().st_size < MOST_BYTES


def test_a_picture_of_the_list_of_organizations(open_page: OpenPage, filled: Agent) -> None:
    page = open_page(filled, "/organizations/")
    expect(page.locator("tbody [data-row]")).not_to_have_count(0)
    page.locator("tbody .p-check-target").nth(1).click()
    page.locator("tbody .p-check-target").nth(3).click()
    expect(page.get_by_role("form", name="Chosen rows")).to_contain_text("2 selected")
    take(page, "organizations")


def test_a_picture_of_a_person(open_page: OpenPage, filled: Agent) -> None:
    eleanor = Person.objects.get(email="eleanor@birchandsons.example")
    page = open_page(filled, f"/people/{eleanor.pk}/")
    expect(page.get_by_role("heading", level=1, name="Eleanor Birch")).to_be_visible()
    take(page, "person")


def test_a_picture_of_the_portal(open_page: OpenPage, filled: Agent) -> None:
    eleanor = Person.objects.get(email="eleanor@birchandsons.example")
    eleanor.account_manager = filled
    eleanor.set_password(PASSWORD)
    eleanor.save()
    page = open_page(eleanor, "/portal/")
    expect(page.get_by_text("Your contact at Northstar")).to_be_visible()
    take(page, "portal")


def test_a_picture_of_the_check_of_an_import(open_page: OpenPage, filled: Agent) -> None:
    actor: Any = actor_of(filled)
    operation = checked(actor, prepared(actor, KIND, FILE, mapping=MAPPING))
    page = open_page(filled, f"/imports/{operation.pk}/check/?rows=")
    expect(page.get_by_role("button", name="Import")).to_be_visible()
    take(page, "import")


def test_a_picture_of_a_list_as_a_view_with_filters_and_own_columns(
    open_page: OpenPage, filled: Agent
) -> None:
    draft = ViewDraft(
        name="Ours, ending within 2 years",
        parameters={
            "manager.empty": "no",
            "membership_end_date.lte": "+2y",
            "sort": "membership_end_date",
        },
        columns=("name", "membership_end_date", "people_count", "status", "tags", "managers"),
        is_shared=True,
    )
    view = create_view(actor_of(filled), ViewSubject.ORGANIZATIONS, draft)
    page = open_page(filled, f"/organizations/?view={view.pk}")
    expect(page.locator("tbody [data-row]")).to_have_count(3)
    expect(page.get_by_role("link", name="Ours, ending within 2 years")).to_contain_text("3")
    take(page, "list")


def test_a_picture_of_the_choice_of_columns(open_page: OpenPage, filled: Agent) -> None:
    page = open_page(filled, "/organizations/")
    page.get_by_role("link", name="Columns").click()
    expect(page.get_by_role("dialog", name="Columns")).to_be_visible()
    take(page, "columns")


def test_a_picture_of_the_question_before_memberships_are_extended(
    open_page: OpenPage, filled: Agent
) -> None:
    page = open_page(filled, "/organizations/?status=ending")
    for box in page.locator("tbody .p-check-target").all():
        box.click()
    bar = page.get_by_role("form", name="Chosen rows")
    bar.get_by_role("button", name="Extend").click()
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_text("From now on")).to_be_visible()
    take(page, "bulk")


def test_a_picture_of_an_organization(open_page: OpenPage, filled: Agent) -> None:
    birch = Organization.objects.get(reference="EX-001")
    Location.objects.create(organization=birch, name="Workshop South", address_city="Bristol")
    Organization.objects.filter(pk=birch.pk).update(location_count=1)
    page = open_page(filled, f"/organizations/{birch.pk}/")
    expect(page.get_by_role("heading", level=1, name="Birch & Sons")).to_be_visible()
    take(page, "organization")


def test_a_picture_of_what_a_merge_would_do(open_page: OpenPage, filled: Agent) -> None:
    birch = Organization.objects.get(reference="EX-001")
    same = ("website", "description", "membership_end_date", "address_country", "address_city")
    other = make_organization("Birch and Sons Ltd", **{name: getattr(birch, name) for name in same})
    make_person("sam@birch.example", name="Sam Birch", organization=other)
    page = open_page(filled, f"/organizations/{birch.pk}/merge/?source={other.pk}")
    expect(page.get_by_role("heading", name="What stays")).to_be_visible()
    take(page, "merge")


def test_a_picture_of_the_palette(open_page: OpenPage, filled: Agent) -> None:
    page = open_page(filled, "/organizations/")
    expect(page.locator("tbody [data-row]")).not_to_have_count(0)
    page.keyboard.press("Control+k")
    page.keyboard.type("bir")
    expect(page.locator("#p-palette [role=option]").first).to_contain_text("Birch")
    take(page, "palette")


def test_a_picture_of_the_repair_of_an_import(open_page: OpenPage, filled: Agent) -> None:
    actor: Any = actor_of(filled)
    operation = checked(actor, prepared(actor, KIND, FILE, mapping=MAPPING))
    page = open_page(filled, f"/imports/{operation.pk}/check/")
    expect(page.get_by_label("Mail, row 3")).to_be_visible()
    take(page, "import-repair")


def test_a_picture_of_other_words_before_they_are_saved(open_page: OpenPage, filled: Agent) -> None:
    page = open_page(filled, "/settings/words/")
    page.locator("input[value=partner]").click()
    expect(page.locator(".p-words-changes")).to_be_visible()
    take(page, "words")


def test_a_picture_of_recent_changes(open_page: OpenPage, filled: Agent) -> None:
    archive_people(actor_of(filled), Person.objects.filter(email__contains="@koyo."))
    rows = Organization.objects.filter(reference="EX-001")
    update_organization(actor_of(filled), rows.get().pk, {"website": "https://birch.example"})
    page = open_page(filled, "/changes/")
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    take(page, "changes")


def test_a_picture_of_many_people_being_pasted(open_page: OpenPage, filled: Agent) -> None:
    page = open_page(filled, "/people/?q=birch")
    page.keyboard.press("c")
    dialog = page.get_by_role("dialog", name="Create Client")
    dialog.get_by_label("Name, e-mail or a whole signature").fill(PASTED)
    expect(dialog.get_by_text("2 new · 1 already exists")).to_be_visible()
    take(page, "paste")


def test_the_first_day_goes_as_its_page_says(open_page: OpenPage, owner: Agent) -> None:
    """Every step of docs/tutorial/first-day.md from the second on, in its words."""
    page = open_page(owner, "/")
    bring_in_the_file(page)
    keep_a_list(page)
    add_and_invite(page)
    put_a_duplicate_right(page)
    take_a_mistake_back(page)


def bring_in_the_file(page: Page) -> None:
    page.get_by_role("link", name="Bring in your organizations and clients").click()
    page.get_by_role("radio", name="Clients").check()
    page.locator("input[type=file]").set_input_files(DOCS / "tutorial" / "first-day.csv")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Firm")).to_have_value("")
    page.get_by_label("Firm").select_option(label="Organization")
    page.get_by_role("button", name="Check 9 rows").click()
    page.wait_for_url("**/check/")
    work_off()
    expect(page.get_by_role("button", name="Import 7 rows")).to_be_visible()
    take(page, "first-day-import")
    page.get_by_label("Mail, row 6").fill("lena@fischer.example")
    page.get_by_role("button", name="Save and check again").click()
    expect(page.get_by_label("Mail, row 6")).to_have_count(0)
    work_off()
    page.get_by_role("button", name="Import 8 rows").click()
    page.wait_for_url("**/imports/*/")
    work_off()
    expect(page.get_by_text("8 rows were imported.")).to_be_visible()
    assert (Person.objects.count(), Organization.objects.count()) == (8, 6)


def keep_a_list(page: Page) -> None:
    dialog = page.locator("dialog[open]")
    menu(page, "Clients")
    page.get_by_role("link", name="Columns").click()
    dialog.get_by_label("Tags", exact=True).check()
    dialog.get_by_role("button", name="Move Tags up").click()
    dialog.get_by_role("button", name="Show these columns").click()
    expect(page.get_by_role("columnheader", name="Tags")).to_be_visible()
    page.get_by_role("link", name="Filter").click()
    dialog.get_by_role("link", name="Tag", exact=True).click()
    dialog.get_by_role("combobox", name="Value").fill("Retainer")
    dialog.get_by_role("option", name="Retainer").click()
    dialog.get_by_role("button", name="Apply").click()
    expect(page.locator("tbody [data-row]")).to_have_count(2)
    page.get_by_role("link", name="Save as view").click()
    dialog.get_by_label("Name", exact=True).fill("Retainers")
    dialog.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("link", name="Retainers")).to_contain_text("2")
    take(page, "first-day-view")


def add_and_invite(page: Page) -> None:
    dialog = page.locator("dialog[open]")
    page.get_by_role("link", name="All clients").click()
    expect(page.locator("tbody [data-row]")).to_have_count(8)
    page.keyboard.press("c")
    lines = (DOCS / "tutorial" / "first-day.md").read_text().split("```")[1]
    dialog.get_by_label("Name, e-mail or a whole signature").fill(
        "\n".join(line.strip() for line in lines.strip().splitlines())
    )
    expect(dialog.get_by_text("2 new · 1 already exists")).to_be_visible()
    expect(dialog.get_by_role("combobox", name="Organization")).to_have_value("Sørensen Byg ApS")
    take(page, "first-day-paste")
    dialog.get_by_role("button", name="Add 2 clients").click()
    page.get_by_label("Select Freja Lund").check()
    page.get_by_label("Select Jonas Holm").check()
    page.get_by_role("button", name="Invite").click()
    dialog.get_by_role("button", name="Invite 2 clients").click()
    expect(page.get_by_text("Not sent")).to_have_count(2)
    page.get_by_role("link", name="Freja Lund").first.click()
    page.get_by_role("button", name="Copy link").click()
    expect(dialog.get_by_role("heading", name="Invitation link")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()


def put_a_duplicate_right(page: Page) -> None:
    menu(page, "Organizations")
    page.get_by_role("link", name="Okafor Joinery", exact=True).first.click()
    expect(page.get_by_role("heading", level=1, name="Okafor Joinery")).to_be_visible()
    page.locator("main .p-menu > summary").first.click()
    page.get_by_role("link", name="Merge").click()
    page.get_by_role("combobox", name="The other organization").fill("Okafor")
    page.get_by_role("option", name="Okafor Joinery Ltd").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("3 clients")).to_be_visible()
    take(page, "first-day-merge")
    page.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("Okafor Joinery Ltd merged into Okafor Joinery.")).to_be_visible()


def take_a_mistake_back(page: Page) -> None:
    menu(page, "Organizations")
    page.get_by_label("Select Byrne Glass").check()
    page.get_by_label("Select Vidal e Hijos").check()
    page.keyboard.press("e")
    page.get_by_role("button", name="Archive 2 organizations").click()
    expect(page.get_by_text("2 organizations archived.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Select Byrne Glass")).to_be_visible()
    assert Organization.objects.active().count() == 5


def menu(page: Page, name: str) -> None:
    """Go to a page by the menu at the left."""
    page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name=name).click()
