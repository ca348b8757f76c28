"""Exports whose columns mean something else than their headings say, told by their header.

Most exports map by their headings alone (see `headings`). An entry here is needed only where a
heading would be read wrongly: in Xero's contacts the contact is the company, in the list of the
S&P 500 the share is. All headings are in the form of `headings.heading_key`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portico.transfers.reading.fields import Kind


@dataclass(frozen=True)
class KnownExport:
    """An export: its name, the headings that give it away, and what its own columns fill."""

    name: str
    signature: frozenset[str]
    people: Mapping[str, str] = field(default_factory=dict)
    organizations: Mapping[str, str] = field(default_factory=dict)
    blanks_between_tags: bool = False

    def columns(self, kind: Kind) -> Mapping[str, str]:
        """Heading to field, for the headings that this export gives a meaning of its own."""
        return self.people if kind == "people" else self.organizations


_XERO_ADDRESS = {
    "poaddressline1": "address.street",
    "poaddressline2": "address.street",
    "poaddressline3": "address.street",
    "poaddressline4": "address.street",
    "pocity": "address.city",
    "poregion": "address.region",
    "popostalcode": "address.postal_code",
    "pocountry": "address.country",
}
_OUTLOOK_ADDRESS = {
    "businessstreet": "address.street",
    "businesscity": "address.city",
    "businessstate": "address.region",
    "businesspostalcode": "address.postal_code",
    "businesscountryregion": "address.country",
}
_THUNDERBIRD_ADDRESS = {
    "workaddress": "address.street",
    "workaddress2": "address.street",
    "workcity": "address.city",
    "workstate": "address.region",
    "workzipcode": "address.postal_code",
    "workcountry": "address.country",
}

KNOWN_EXPORTS = (
    KnownExport(
        "Xero",
        frozenset({"contactname", "accountnumber", "emailaddress", "poaddressline1"}),
        people={"contactname": "organization"},
        organizations={"contactname": "name", "accountnumber": "reference", **_XERO_ADDRESS},
    ),
    KnownExport(
        "HubSpot (API)",
        frozenset({"fivetransynced", "id", "firstname", "lastname"}),
        people={"id": "reference"},
    ),
    KnownExport(
        "HubSpot (API)",
        frozenset({"fivetransynced", "id", "name"}),
        organizations={"id": "reference"},
    ),
    KnownExport("HubSpot", frozenset({"recordid", "companyowner"})),
    KnownExport("HubSpot", frozenset({"recordid", "contactowner"}), organizations={"recordid": ""}),
    KnownExport("Google Contacts", frozenset({"email1value", "organizationname"})),
    KnownExport(
        "Google Contacts",
        frozenset({"email1value", "givenname", "name"}),
        organizations={"name": "", "organization1name": "name"},
    ),
    KnownExport(
        "Outlook",
        frozenset({"emailaddress", "company", "businessphone"}),
        people={"title": ""},
        organizations={"title": "", **_OUTLOOK_ADDRESS},
    ),
    KnownExport(
        "Thunderbird",
        frozenset({"displayname", "primaryemail"}),
        organizations=_THUNDERBIRD_ADDRESS,
    ),
    KnownExport("Zendesk", frozenset({"externalid", "restriction", "role"})),
    KnownExport("Pipedrive", frozenset({"personname", "personemail"})),
    KnownExport("Salesforce", frozenset({"name", "annualrevenue", "website", "type"})),
    KnownExport(
        "S&P 500",
        frozenset({"symbol", "security", "gicssector"}),
        organizations={"symbol": "reference", "security": "name", "gicssector": "tags"},
    ),
    KnownExport(
        "Public bodies",
        frozenset({"jurisdictioncode", "parentid", "othernames", "classification"}),
        blanks_between_tags=True,
    ),
)


def known_export(headings: Collection[str]) -> KnownExport | None:
    """The first export whose telling headings are all there."""
    present = frozenset(headings)
    for export in KNOWN_EXPORTS:
        if export.signature <= present:
            return export
    return None
