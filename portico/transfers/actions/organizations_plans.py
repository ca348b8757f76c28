"""What becomes of a row of organizations."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from portico.clients.choices import MembershipStatus
from portico.clients.models import Organization
from portico.kit.dates import today_in
from portico.kit.names import name_key
from portico.kit.tenancy.scope import current_scope
from portico.transfers.actions.further_fields import (
    changed_further_fields,
    count_new_tags,
    emptied_fields,
    further_fields,
)
from portico.transfers.actions.memory import Place, organization_keys, person_keys
from portico.transfers.actions.people_plans import (
    changed_fields,
    changed_keys,
    existing_person,
    joined_name,
    person_fields,
    require_address,
)
from portico.transfers.actions.plans import (
    Change,
    Decision,
    Ground,
    RowStopped,
    duplicate,
    refused,
    same_as_row,
)
from portico.transfers.actions.states import state_changes, states_of_new, stays_archived
from portico.transfers.choices import Match, Outcome
from portico.transfers.reading.drafts import OrganizationDraft
from portico.transfers.reading.notices import Notice
from portico.ui.words import say

_FIELDS = ("name", "reference", "description", "website", "membership_end_date")


def plan_organization(ground: Ground, draft: OrganizationDraft, *, number: int) -> Decision:
    """The decision about a row of organizations with its contact. Raises RowStopped."""
    organization = _existing_organization(ground, draft)
    decision = Decision(number=number, outcome=Outcome.CREATED, notices=_notices(ground, draft))
    decision.keys = organization_keys(draft)
    if organization is None:
        has_date = draft.membership_end_date is not None
        ground.require_end_date("membership_end_date", has_date=has_date)
        further = further_fields(ground, draft) | states_of_new(ground, draft)
        place = decision.new_place = Place(fields=organization_fields(draft) | further)
        decision.new_tags = count_new_tags(ground, further)
    else:
        place = Place(id=organization.pk)
        decision.keys = [*decision.keys, *_keys_before(organization)]
        changes = _changed(ground, draft, organization=organization)
        states = state_changes(ground, draft, record=organization)
        if changes and organization.archived_at is not None and Change.UNARCHIVE not in states:
            raise _archived(organization, "archived_at")
        decision.state_changes = (organization, states) if states else None
        decision.new_tags = count_new_tags(ground, changes)
        decision.changed_organization = (organization, changes) if changes else None
    _add_contact(ground, draft, decision=decision, place=place)
    if organization is not None:
        saves = decision.changed_organization or decision.changed_person or decision.new_person
        is_changed = bool(saves or decision.state_changes)
        decision.outcome = Outcome.UPDATED if is_changed else Outcome.UNCHANGED
    return decision


def organization_fields(draft: OrganizationDraft) -> dict[str, Any]:
    """The filled fields of a draft."""
    own = {name: value for name in _FIELDS if (value := getattr(draft, name))}
    address = {f"address_{name}": value for name, value in asdict(draft.address).items() if value}
    return own | address


def _existing_organization(ground: Ground, draft: OrganizationDraft) -> Any:
    """The organization to be changed, by reference where the row has one, else by its name."""
    by_name = ground.options.key == Match.NAME or not draft.reference
    if ground.options.key == Match.REFERENCE and not draft.reference:
        text = _("This row has nothing in the column by which records are found.")
        raise refused("reference", "missing", message=text)
    field_name = "name" if by_name else "reference"
    remembered = f"n:{name_key(draft.name)}" if by_name else f"o:{draft.reference}"
    if row := ground.memory.row_of(remembered):
        raise duplicate(field_name, same_as_row(row))
    found = ground.known.organizations.get(draft.reference)
    if not by_name:
        rows = [] if found is None else [found]
    else:
        named = ground.known.named(name_key(draft.name))
        rows = [row for row in named if row.archived_at is None] or named
    if found is not None and found.pk not in {row.pk for row in rows}:
        text = say("The organization “%(name)s” has this reference.", name=found.name)
        raise refused("reference", "reference_in_use", message=text)
    if not rows:
        return None
    if not ground.options.updates:
        text = say("The organization “%(name)s” is there already.", name=rows[0].name)
        raise duplicate(field_name, text)
    if len(rows) > 1:
        text = say("There are several organizations “%(name)s”.", name=draft.name)
        raise refused(field_name, "organization_unclear", message=text)
    return _changeable(ground, draft, organization=rows[0], field_name=field_name)


def _archived(organization: Any, field_name: str) -> RowStopped:
    text = say("The organization “%(name)s” is archived.", name=organization.name)
    return refused(field_name, "archived", message=text)


def _changeable(
    ground: Ground, draft: OrganizationDraft, *, organization: Any, field_name: str
) -> Any:
    if stays_archived(ground, draft, record=organization):
        raise _archived(organization, field_name)
    if row := ground.memory.row_of(f"i:{organization.pk}"):
        raise duplicate(field_name, same_as_row(row))
    return organization


def _changed(ground: Ground, draft: OrganizationDraft, *, organization: Any) -> dict[str, Any]:
    fields = organization_fields(draft)
    further = further_fields(ground, draft, record=organization)
    changes = {
        name: value for name, value in fields.items() if value != getattr(organization, name)
    }
    if draft.is_active not in {None, organization.is_active}:
        changes["is_active"] = draft.is_active
    changes |= changed_further_fields(ground, further, record=organization)
    return changes | emptied_fields(ground, fields | further, record=organization)


def _keys_before(organization: Any) -> list[str]:
    keys = [f"i:{organization.pk}", f"n:{organization.name_key}"]
    return [*keys, f"o:{organization.reference}"] if organization.reference else keys


def _add_contact(
    ground: Ground, draft: OrganizationDraft, *, decision: Decision, place: Place
) -> None:
    """The person of the row: a new one in the organization, or changes to one that is there."""
    contact = draft.contact
    if contact is None:
        return
    person = existing_person(ground, contact, number=decision.number, prefix="contact.")
    if person is None and place.id is not None:
        person = ground.known.member(place.id, contact.name)
    if person is not None:
        changes = changed_fields(contact, person)
        changes |= joined_name(contact, changes, person=person)
        decision.changed_person = (person, changes) if changes else None
        decision.keys = [*decision.keys, *changed_keys(contact, person)]
        return
    require_address(ground, contact, prefix="contact.")
    ground.require_room("contact.name")
    ground.memory.add_people()
    decision.new_person = (person_fields(contact), place)
    decision.invites = int(ground.options.invite and bool(contact.email))
    decision.keys = [*decision.keys, *person_keys(contact)]


def _notices(ground: Ground, draft: OrganizationDraft) -> list[Notice]:
    """What a person would have been asked to confirm (S1.8, S4.3); an import only says it."""
    found = []
    key = name_key(draft.name)
    if draft.reference and (ground.known.named(key) or ground.memory.row_of(f"n:{key}")):
        text = say("There is an organization of this name already.")
        found.append(Notice("equal_name", text))
    end = draft.membership_end_date
    if end is not None:
        today = today_in(current_scope().time_zone)
        if Organization(membership_end_date=end).membership_status(today) is MembershipStatus.ENDED:
            text = say("This date is in the past: access ends at once.")
            found.append(Notice("past_date", text))
    return found
