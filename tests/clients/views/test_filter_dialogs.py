"""The dialog that narrows a list offers what its reader may know."""

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
