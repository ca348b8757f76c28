"""What the client screens add to Home."""

import datetime
import html
import re

from django.test import Client
from django.utils import timezone

from tests.factories.clients import make_organization
from tests.pages import row_names, text_of


def test_home_shows_the_next_memberships_to_end_and_leads_to_all_of_them(
    owner_browser: Client,
) -> None:
    today = timezone.now().date()
    for days in range(7):
        ends = today + datetime.timedelta(days=7 - days)
        make_organization(f"Ending {days}", membership_end_date=ends)
    make_organization("Open", membership_end_date=today + datetime.timedelta(days=365))
    home = owner_browser.get("/")
    shown = re.findall(r"Ending \d", text_of(home))
    assert shown == [f"Ending {days}" for days in (6, 5, 4, 3, 2)]
    [address] = re.findall(r'href="([^"]*)">Show all<', home.content.decode())
    listed = row_names(owner_browser.get(html.unescape(address)))
    assert listed == [f"Ending {days}" for days in (6, 5, 4, 3, 2, 1, 0)]
