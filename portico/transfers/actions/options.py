"""What was asked of an import, as it is kept in its operation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from portico.operations.models import Operation
from portico.transfers.choices import Existing, UnknownOrganizations
from portico.transfers.reading.fields import Kind


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """`mapping` is column to field; `organization` is where rows that name none belong."""

    kind: Kind
    mapping: Mapping[str, str] = field(default_factory=dict)
    organization: str = ""
    unknown_organizations: str = UnknownOrganizations.CREATE
    existing: str = Existing.SKIP
    all_or_nothing: bool = False
    date_order: str = "mdy"

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
    def names_organizations(self) -> bool:
        """Whether rows of people name organizations, or all of them belong to one."""
        return bool(self.organization) or "organization" in self.mapping.values()

    @property
    def has_contacts(self) -> bool:
        """Whether rows of organizations bring a person each."""
        return any(field.startswith("contact.") for field in self.mapping.values())
