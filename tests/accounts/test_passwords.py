from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from portico.accounts.passwords import checked_hash, minimum_length
from portico.kit.errors import Refused
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace


def codes_of(password: str, user: Any = None) -> set[str]:
    """Why this password is refused; nothing when it is taken."""
    try:
        checked_hash(password, user)
    except Refused as refused:
        return {error.code for error in refused.errors if error.field == "password1"}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet otters drum",
        "ünïcödé wörds mätter",
        "  spaces at both ends  ",
        "🐢🦉🐝🦊🐙🦔🐳🦜🐌🦩🐫🦘",
        "k9#Vq2!mWz7@",
        "x7" * 10 + "correct horse battery" + "q" * 80,
    ],
)
def test_long_ones_of_any_characters_are_taken_as_typed(password: str, scope: Any) -> None:
    assert check_password(password, checked_hash(password))
    assert not check_password(password.strip() + "x", checked_hash(password))


@pytest.mark.parametrize("password", ["", "k9#Vq2!mWz7", "x"])
def test_less_than_twelve_characters_are_too_short(password: str, scope: Any) -> None:
    assert "password_too_short" in codes_of(password)


def test_more_than_128_characters_are_too_long(scope: Any) -> None:
    assert codes_of("seven quiet otters drum " + "x" * 104) == set()
    assert codes_of("seven quiet otters drum " + "x" * 105) == {"password_too_long"}


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaa", "123456789012", "qwertyuiopasdf", "passwordpassword"]
)
def test_what_is_easily_guessed_is_too_weak(password: str, scope: Any) -> None:
    assert "password_too_weak" in codes_of(password)


def test_leaked_ones_are_named(scope: Any) -> None:
    Workspace.objects.update(settings={"password_minimum": 8})
    with open_scope(scope_of(Workspace.objects.get())):
        assert "password_too_common" in codes_of("football1")


def test_name_address_and_workspace_are_known_words(owner: Any) -> None:
    owner.name = "Kvorin Zelthap"
    assert "password_too_weak" in codes_of("kvorinzelthap", owner)
    assert codes_of("kvorinzelthap") == set()
    assert "password_too_weak" in codes_of("owner@northstar.test", owner)


def test_the_minimum_is_the_workspaces_but_never_below_eight(scope: Any) -> None:
    assert minimum_length() == 12
    for chosen, effective in ((20, 20), (8, 8), (3, 8)):
        Workspace.objects.update(settings={"password_minimum": chosen})
        with open_scope(scope_of(Workspace.objects.get())):
            assert minimum_length() == effective


def test_rules_hold_before_there_is_a_workspace(db: Any) -> None:
    assert minimum_length() == 12
    assert codes_of("seven quiet otters drum") == set()
