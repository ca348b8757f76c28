"""What may become of a row, and how an import may be asked to behave."""

from enum import StrEnum

from portico.clients.choices import PropertySubject


class Outcome(StrEnum):
    """What becomes of a row; the same for a dry run and for the run."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class Existing(StrEnum):
    """What to do with a row whose record is there already."""

    SKIP = "skip"
    UPDATE = "update"


class Match(StrEnum):
    """By what a row that changes records finds its record."""

    AUTO = "auto"
    """The reference where the row has one, else the e-mail address of people, else the name."""
    REFERENCE = "reference"
    EMAIL = "email"
    NAME = "name"


PROPERTY_SUBJECTS = {
    "people": PropertySubject.PERSON,
    "organizations": PropertySubject.ORGANIZATION,
}
"""Whose custom properties the columns of each kind of file may fill."""

MATCHES = {
    "people": (Match.AUTO, Match.EMAIL, Match.REFERENCE, Match.NAME),
    "organizations": (Match.AUTO, Match.REFERENCE, Match.NAME),
}
"""The keys that each kind of record can be found by."""


class UnknownOrganizations(StrEnum):
    """What to do with the name of an organization that is not there."""

    CREATE = "create"
    REFUSE = "refuse"


IMPORT = "import"
"""The kind of long work."""

COUNTERS = (
    "rows",
    "created",
    "updated",
    "unchanged",
    "duplicates",
    "refused",
    "organizations_created",
    "people_created",
)
"""The numbers of the contract; the five outcomes add up to `rows`."""

COUNTER_OF = {
    Outcome.CREATED: "created",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.DUPLICATE: "duplicates",
    Outcome.REFUSED: "refused",
}
FIRST_ROWS = 10
"""How many rows from the head of a file the check page shows, whatever becomes of them."""

PARTLY = "partly"
"""The outcome of a row that is in, while something after it failed (edge case 47)."""

TAGS_CREATED, INVITATIONS = "tags_created", "invitations"
FURTHER_COUNTERS = (TAGS_CREATED, INVITATIONS, PARTLY)
"""Numbers beside the contract's: shown on the pages, not part of the sum."""

WRONG = "wrong"
"""Rows that are wrong themselves; with "all or nothing" the others are refused because of them."""
