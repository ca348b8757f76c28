"""The dialog that narrows a list offers what its reader may know."""

from urllib.parse import parse_qs, urlsplit

from django.test import Client

from tests.conftest import sign_in
from tests.factories.workspaces import make_agent


def test_the_acts_of_others_are_offered_to_who_reads_the_history(owner_browser: Client) -> None:
    reader = sign_in(make_agent("team@northstar.test", name="Tea", roles=["Team member"]))
    owner_browser.post("/organizations/new/", {"name": "Secret plans"})
    for browser, is_offered in ((owner_browser, True), (reader, False)):
        fields = browser.get("/organizations/filter/").content.decode()
        assert ("field=act" in fields) is is_offered
        picked = browser.get("/organizations/filter/?field=act").content.decode()
        assert ("Secret plans" in picked) is is_offered


def test_an_organization_is_looked_up_and_several_tags_are_picked_at_once(
    owner_browser: Client,
) -> None:
    picked = owner_browser.get("/people/filter/?field=organization").content.decode()
    assert 'data-source="/organizations/choices/"' in picked
    sent = "/organizations/filter/?field=tag&operator=any&value=Web&value=VIP"
    assert owner_browser.get(sent).headers["Location"] == "/organizations/?tag.any=Web%2CVIP"
    nothing = owner_browser.get("/organizations/filter/?field=tag&operator=any")
    assert (nothing.status_code, "p-field-error" in nothing.content.decode()) == (200, True)


def test_a_day_is_read_as_it_is_typed_elsewhere(owner_browser: Client) -> None:
    read = {
        "12/31/2027": "2027-12-31",
        "end of 2027": "2027-12-31",
        "2027-01-31": "2027-01-31",
        "+30d": "+30d",
    }
    for typed, stored in read.items():
        sent = {"field": "created_at", "operator": "gte", "value": typed}
        answer = owner_browser.get("/organizations/filter/", sent)
        found = parse_qs(urlsplit(answer.headers["Location"]).query)
        assert found == {"created_at.gte": [stored]}


def test_one_is_an_account_manager_whom_the_dialog_takes(owner_browser: Client) -> None:
    for records in ("organizations", "people"):
        sent = f"/{records}/filter/?field=manager&operator=&value=me"
        assert owner_browser.get(sent).headers["Location"] == f"/{records}/?manager=me"
