"""What htmx asked for and did not get is said in a toast, with the code it was recorded under."""

import json

from django.test import Client

HTMX = {"HX-Request": "true", "X-Request-Id": "req_0123456789abcdef"}
NOWHERE = "/organizations/0199aaaa-0000-7000-8000-000000000000/edit/"


def test_a_refusal_to_htmx_carries_its_sentence(owner_browser: Client) -> None:
    answer = owner_browser.get(NOWHERE, headers=HTMX)
    code = answer.headers["X-Request-Id"]
    assert answer.status_code == 404
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "toast": {
            "text": f"Not found. This page does not exist or is not shared with you. ({code})",
            "tone": "error",
        }
    }


def test_a_page_says_it_itself(owner_browser: Client) -> None:
    assert "HX-Trigger" not in owner_browser.get(NOWHERE.replace("edit/", "")).headers
