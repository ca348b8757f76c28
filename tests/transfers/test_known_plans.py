"""What an import looks up among the records that are there, it looks up by an index."""

import re
from typing import Any

from portico.transfers.actions.known import Known
from portico.transfers.reading.drafts import OrganizationDraft, PersonDraft
from tests.clients.plans import IS_SQLITE, plans_of

GROWING = "accounts_user|clients_organization|clients_membership|clients_tag"


def test_rows_are_held_against_the_records_by_index(acme: Any, guest: Any) -> None:
    """By reading them all, each 500 rows took 250 ms at a million people."""
    drafts: list[PersonDraft | OrganizationDraft] = [
        PersonDraft(
            reference=f"R-{number}",
            name=f"Person {number}",
            email_key=f"p{number}@acme.test",
            organization_name=f"Acme {number}",
        )
        for number in range(200)
    ]
    drafts += [OrganizationDraft(name=f"Birch {number}", reference="B") for number in range(200)]
    found = plans_of(
        lambda: Known(drafts, organization="", with_members=True, with_managers=True, by_name=True)
    )
    assert found != []
    for plan in found:
        assert not re.search(rf"(SCAN|Seq Scan on) ({GROWING})\b", plan), plan
    assert IS_SQLITE or not any("Seq Scan" in plan for plan in found)
