"""The token of an invitation."""

from typing import Any

import pytest
from django.test import override_settings

from portico.history.models import Event
from portico.invitations.choices import LinkState
from portico.invitations.links import link_of, token_of
from portico.invitations.models import Invitation
from portico.invitations.reports import standing_of_link
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=.+/ %\n"


def test_a_token_is_safe_in_an_address_and_always_the_same(invitation: Invitation) -> None:
    token = token_of(invitation)

    assert len(token) == 56
    assert token.replace("-", "").replace("_", "").isalnum()
    assert token == token_of(Invitation.objects.get())
    assert link_of(invitation).endswith(f"/invite/{token}/")


def test_no_other_text_is_the_token(invitation: Invitation) -> None:
    """R-C02: every byte changed to every other one opens nothing."""
    token = token_of(invitation)
    opened = [
        (place, letter)
        for place in range(len(token))
        for letter in ALPHABET
        if letter != token[place]
        and standing_of_link(token[:place] + letter + token[place + 1 :]).state
        is not LinkState.UNKNOWN
    ]

    assert opened == []


@pytest.mark.parametrize("text", ("", "x", "A" * 56, "é" * 56, "A" * 5000, "AAAA\x00" + "A" * 51))
def test_what_is_no_token_is_unknown(scope: Any, text: str) -> None:
    assert standing_of_link(text).state is LinkState.UNKNOWN


def test_a_token_is_unknown_in_another_workspace(
    invitation: Invitation, other_workspace: Any
) -> None:
    """R-C08."""
    with open_scope(scope_of(other_workspace)):
        assert standing_of_link(token_of(invitation)).state is LinkState.UNKNOWN


def test_a_token_of_another_secret_key_is_unknown(invitation: Invitation) -> None:
    with override_settings(SECRET_KEY="another-" + "k" * 50):
        forged = token_of(invitation)

    assert standing_of_link(forged).state is LinkState.UNKNOWN


def test_no_table_holds_the_token(invitation: Invitation) -> None:
    """R-C03: it is made when it is needed."""
    token = token_of(invitation)
    stored = [str(row) for row in Invitation.objects.values()]
    stored += [str(row) for row in Event.objects.values()]

    assert [text for text in stored if token in text or token[-20:] in text] == []
