"""What may become of a row, and how an import may be asked to behave."""

from enum import StrEnum


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
WRONG = "wrong"
"""Rows that are wrong themselves; with "all or nothing" the others are refused because of them."""
