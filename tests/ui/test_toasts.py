"""The messages after an act."""

import json

import pytest

from portico.ui.toasts import toast_now


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme merged into Birch Inc..", "Acme merged into Birch Inc."),
        ("Acme merged into Birch.", "Acme merged into Birch."),
        ("Checking...", "Checking..."),
    ],
)
def test_a_name_with_a_full_stop_of_its_own_ends_the_sentence(text: str, shown: str) -> None:
    answer = toast_now(text)
    assert json.loads(answer.headers["HX-Trigger"])["toast"]["text"] == shown
