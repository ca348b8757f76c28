"""Every message has its words under each of the four presets, and under the tests' own."""

import pytest

from portico.kit.tenancy.scope import WorkspaceScope, open_scope
from portico.ui.words import say, say_n, words_of
from portico.workspaces.choices import Preset
from tools.words import (
    CATALOG,
    NONSENSE,
    PRESETS,
    TEST_CATALOG,
    Message,
    add_drafts,
    compile_catalog,
    draft,
    load,
    messages,
    missing,
    places,
)


@pytest.fixture
def northstar(workspace: object, scope: WorkspaceScope) -> WorkspaceScope:
    return scope


def test_the_presets_of_the_catalog_are_those_of_the_product() -> None:
    assert list(PRESETS) == Preset.values


def test_every_message_of_the_sources_has_words_under_every_preset() -> None:
    said = messages(places())
    assert missing(load(CATALOG), said, presets=PRESETS) == [], "run: python -m tools.words draft"
    assert missing(load(TEST_CATALOG), said, presets=(NONSENSE,)) == []


def test_a_message_is_a_literal_so_that_it_can_be_found() -> None:
    assert [place for place in places() if place.message is None] == []


def test_a_message_without_an_entry_is_reported() -> None:
    planted = Message("Paint the organization")
    assert missing(load(CATALOG), [planted], presets=PRESETS) == [
        f"{preset}: Paint the organization" for preset in PRESETS
    ]


def test_a_draft_leaves_what_somebody_wrote() -> None:
    catalog = load(CATALOG)
    written = Message("Paint the organization")
    catalog.add(written.singular, "Paint them", context="partner")
    assert add_drafts(catalog, [written], presets=PRESETS) == 3
    entry = catalog.get(written.singular, context="partner")
    assert entry is not None
    assert entry.string == "Paint them"


def test_an_entry_has_all_placeholders_of_its_message_or_none() -> None:
    """None: the button says "Archive" where the source page does; its title says how many."""
    wrong = []
    for path in (CATALOG, TEST_CATALOG):
        for entry in load(path):
            ids = entry.id if isinstance(entry.id, tuple) else (str(entry.id),)
            texts = entry.string if isinstance(entry.string, tuple) else (str(entry.string),)
            for message, text in zip(ids, texts, strict=True):
                if entry.context and text.count("%(") not in {0, message.count("%(")}:
                    wrong.append((entry.context, message, text))
    assert wrong == []


@pytest.mark.parametrize(
    ("message", "preset", "text"),
    (
        ("Create organization", "field_service", "Create client"),
        ("Create organization", "partner", "Create client account"),
        ("an organization and a person", "agency", "an organization and a client"),
        ("an organization and a person", "support_desk", "a company and a client"),
        ("an agent's people", "agency", "a team member's clients"),
        ("Organizations", "support_desk", "Companies"),
        ("An agent", "partner", "A consultant"),
        ("%(person)s has people", "partner", "%(person)s has users"),
        ("Requests of persons unknown", NONSENSE, "Zreqs of persons unknown"),
        ("An organization", NONSENSE, "A zorg"),
    ),
)
def test_nouns_are_exchanged_with_article_plural_and_case(
    message: str, preset: str, text: str
) -> None:
    assert draft(message, preset) == text


@pytest.mark.parametrize(
    ("preset", "organizations", "people"),
    (
        ("field_service", "Clients", "Contacts"),
        ("agency", "Organizations", "Clients"),
        ("support_desk", "Companies", "Clients"),
        ("partner", "Client accounts", "Users"),
        (NONSENSE, "Zorgs", "Zpers"),
    ),
)
def test_each_preset_reads_its_own_words(preset: str, organizations: str, people: str) -> None:
    with words_of(preset):
        assert (say("Organizations"), say("People")) == (organizations, people)
        assert say_n("%(n)s person", "%(n)s people", 2) == f"2 {people.lower()}"


def test_the_scope_s_preset_speaks(northstar: WorkspaceScope) -> None:
    assert say("People") == "Clients"
    with open_scope(northstar):
        assert say("Organizations") == "Organizations"


def test_catalogs_compile() -> None:
    assert compile_catalog(CATALOG).stat().st_size > 1000
