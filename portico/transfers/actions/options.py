"""What was asked of an import, as it is kept in its operation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from portico.operations.models import Operation
from portico.transfers.choices import Existing, Match, UnknownOrganizations
from portico.transfers.reading.fields import Kind


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """`mapping` is column to field; `organization` is where rows that name none belong.

    `match` says by what existing records are found, `clear_empty` whether empty cells empty their
    fields (both count only where existing records are changed); `invite` sends an invitation to
    each created person with an address; `sheet` is the sheet of a workbook. `organization_names`
    is which organization is meant by a name that none has (edge case 44).
    """

    kind: Kind
    mapping: Mapping[str, str] = field(default_factory=dict)
    organization: str = ""
    unknown_organizations: str = UnknownOrganizations.CREATE
    existing: str = Existing.SKIP
    all_or_nothing: bool = False
    date_order: str = "mdy"
    match: str = Match.AUTO
    clear_empty: bool = False
    invite: bool = False
    sheet: str = ""
    organization_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, operation: Operation) -> Self:
        """The options of an operation."""
        return cls(**operation.options["asked"])

    def kept(self) -> dict[str, Any]:
        """The options as an operation keeps them."""
        return asdict(self)

    @property
    def updates(self) -> bool:
        """Whether records that are there already are changed."""
        return self.existing == Existing.UPDATE

    @property
    def key(self) -> str:
        """By what rows find their records: the chosen key only where records are changed."""
        return self.match if self.updates else Match.AUTO

    @property
    def names_organizations(self) -> bool:
        """Whether rows of people name organizations, or all of them belong to one."""
        return bool(self.organization) or "organization" in self.mapping.values()

    @property
    def has_contacts(self) -> bool:
        """Whether rows of organizations bring a person each."""
        return any(field.startswith("contact.") for field in self.mapping.values())
