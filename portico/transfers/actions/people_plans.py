"""What becomes of a row of people, and of the contact in a row of organizations."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from portico.accounts.choices import UserKind
from portico.clients.cleaning import named_by_parts
from portico.kit.names import name_key
from portico.transfers.actions.further_fields import (
    changed_further_fields,
    count_new_tags,
    emptied_fields,
    further_fields,
)
from portico.transfers.actions.memory import Place, person_keys
from portico.transfers.actions.plans import (
    UNKNOWN_ORGANIZATION,
    Change,
    Decision,
    Ground,
    RowStopped,
    duplicate,
    refused,
    same_as_row,
)
from portico.transfers.actions.states import (
    ARCHIVED_AT,
    state_changes,
    states_of_new,
    stays_archived,
)
from portico.transfers.choices import Match, Outcome, UnknownOrganizations
from portico.transfers.reading.drafts import PersonDraft
from portico.transfers.reading.notices import Notice
from portico.ui.words import say

_FIELDS = ("name", "given_name", "family_name", "email", "position", "phone", "reference")


def plan_person(ground: Ground, draft: PersonDraft, *, number: int) -> Decision:
    """The decision about a row of people. Raises RowStopped for duplicates and refused rows."""
    person = existing_person(ground, draft, number=number, prefix="")
    if person is not None:
        return _change(ground, draft, person=person, number=number)
    require_address(ground, draft)
    ground.require_room("", int(draft.archived_at is None))
    further = further_fields(ground, draft) | states_of_new(ground, draft)
    place, is_new = _place(ground, draft)
    is_there = draft.archived_at is None
    ground.memory.add_people(int(is_there))
    return Decision(
        number=number,
        outcome=Outcome.CREATED,
        new_place=place if is_new else None,
        unknown_organization=draft.organization_name if is_new else "",
        new_person=(person_fields(draft) | further, place),
        keys=person_keys(draft, match=ground.options.key),
        new_tags=count_new_tags(ground, further),
        invites=int(
            ground.options.invite and bool(draft.email) and is_there and not draft.is_disabled
        ),
    )


def existing_person(ground: Ground, draft: PersonDraft, *, number: int, prefix: str) -> Any:
    """The person to be changed by this draft, or None for a new one.

    Raises RowStopped where the address or reference stands earlier in the file, or in the
    workspace and records there are to be left alone or can't be changed.
    """
    key = Match.AUTO if prefix else ground.options.key
    _stop_repeated(ground, draft, prefix=prefix, key=key)
    holder = ground.known.users.get(draft.email_key)
    own = ground.known.people.get(draft.reference)
    found, field = _found(ground, draft, key=key)
    field_name = f"{prefix}{field}"
    if found is not None:
        _stop_unchangeable(ground, draft, found=found, field_name=field_name)
    if holder is not None and (found is None or holder.pk != found.pk):
        raise refused(f"{prefix}email", "email_in_use", message=_whose(holder))
    if own is not None and (found is None or own.pk != found.pk):
        raise refused(f"{prefix}reference", "reference_in_use", message=_whose(own))
    if found is None:
        return None
    if row := ground.memory.row_of(f"p:{found.pk}"):
        raise duplicate(field_name, same_as_row(row))
    return found


def changed_fields(draft: PersonDraft, person: Any) -> dict[str, Any]:
    """What a row says about a person and is not so yet; an empty cell says nothing (case 45)."""
    changes = {
        name: value
        for name, value in person_fields(draft).items()
        if value != getattr(person, name) and not (name == "name" and draft.is_name_joined)
    }
    if draft.email_key == person.email_key:
        changes.pop("email", None)
    return changes


def joined_name(draft: PersonDraft, changes: Mapping[str, Any], *, person: Any) -> dict[str, str]:
    """The name that follows from these changes, where the row has none of its own (X19)."""
    return named_by_parts(changes, person=person) if draft.is_name_joined else {}


def _found(ground: Ground, draft: PersonDraft, *, key: str) -> tuple[Any, str]:
    """Whom the row means by the chosen key, and the field that says so."""
    holder = ground.known.users.get(draft.email_key)
    own = ground.known.people.get(draft.reference)
    if key == Match.AUTO:
        return own or holder, "email" if own is None else "reference"
    if not getattr(draft, key):
        text = _("This row has nothing in the column by which records are found.")
        raise refused(key, "missing", message=text)
    if key == Match.NAME:
        named = ground.known.people_named(name_key(draft.name))
        if len(named) > 1:
            text = say("There are several people “%(name)s”.", name=draft.name)
            raise refused("name", "person_unclear", message=text)
        return next(iter(named), None), key
    return (holder if key == Match.EMAIL else own), key


def person_fields(draft: PersonDraft) -> dict[str, Any]:
    """The filled fields of a draft."""
    return {name: value for name in _FIELDS if (value := getattr(draft, name))}


def changed_keys(draft: PersonDraft, person: Any) -> list[str]:
    """Keys of a changed person: those of the row, and those that it had before."""
    before = [f"p:{person.pk}"]
    if person.email_key:
        before.append(f"e:{person.email_key}")
    if person.reference:
        before.append(f"r:{person.reference}")
    return [*person_keys(draft), *before]


def _change(ground: Ground, draft: PersonDraft, *, person: Any, number: int) -> Decision:
    fields = person_fields(draft)
    further = further_fields(ground, draft, record=person)
    changes = changed_fields(draft, person)
    changes |= changed_further_fields(ground, further, record=person)
    changes |= emptied_fields(ground, fields | further, record=person)
    changes |= joined_name(draft, changes, person=person)
    states = state_changes(ground, draft, record=person)
    if changes and person.archived_at is not None and Change.UNARCHIVE not in states:
        raise refused("archived_at", "archived", message=_whose(person))
    notices: tuple[Notice, ...] = ()
    if ground.options.names_organizations:
        text = say("People who are there already stay in their organization.")
        notices = (Notice("organization_kept", text),)
    return Decision(
        number=number,
        outcome=Outcome.UPDATED if changes or states else Outcome.UNCHANGED,
        notices=notices,
        state_changes=(person, states) if states else None,
        changed_person=(person, changes) if changes else None,
        keys=changed_keys(draft, person),
        new_tags=count_new_tags(ground, changes),
    )


def _stop_repeated(ground: Ground, draft: PersonDraft, *, prefix: str, key: str) -> None:
    fields = {"e": "email", "r": "reference", "m": "name"}
    for remembered in person_keys(draft, match=key):
        row = ground.memory.row_of(remembered)
        if row is not None:
            field_name = fields[remembered[0]]
            raise duplicate(f"{prefix}{field_name}", same_as_row(row))


def _stop_unchangeable(ground: Ground, draft: PersonDraft, *, found: Any, field_name: str) -> None:
    if not ground.options.updates:
        raise duplicate(field_name, _whose(found))
    if found.kind == UserKind.AGENT:
        raise refused(field_name, "belongs_to_agent", message=_whose(found))
    if stays_archived(ground, draft, record=found):
        raise refused(field_name, "archived", message=_whose(found))


def _whose(user: Any) -> str:
    """Whose address or reference it is, in the words of the person form (X7)."""
    if user.kind == UserKind.AGENT:
        return say("This address belongs to an agent. One address cannot be both.")
    if user.merged_into is not None:
        names = {"name": user.display_name, "survivor": user.merged_into.display_name}
        return _("It stays kept for %(name)s, now part of %(survivor)s.") % names
    if user.archived_at is not None:
        return say("It belongs to %(name)s, an archived person.", name=user.display_name)
    return say("It belongs to %(name)s, who is there already.", name=user.display_name)


def _place(ground: Ground, draft: PersonDraft) -> tuple[Place | None, bool]:
    """Where a new person belongs, and whether this row creates that organization."""
    name = draft.organization_name or ground.options.organization
    key = name_key(name)
    if not key:
        if ground.settings["organization_required"]:
            raise refused("organization", "missing", message=say("The organization is missing."))
        return None, False
    place = _place_there(ground, draft, name=name) or ground.memory.place(key)
    if place is not None:
        return place, False
    if ground.options.unknown_organizations == UnknownOrganizations.REFUSE:
        text = say("There is no organization “%(name)s”.", name=name)
        raise refused("organization", UNKNOWN_ORGANIZATION, message=text)
    ground.require_end_date("organization", has_date=False)
    place = Place(fields={"name": name})
    ground.memory.add_place(key, place)
    return place, True


def _place_there(ground: Ground, draft: PersonDraft, *, name: str) -> Place | None:
    """The organization of this name. A file that tells states also fills inactive ones, and puts
    archived people back where they were.
    """
    named = [row for row in ground.known.named(name_key(name)) if row.merged_into_id is None]
    open_ones = [row for row in named if row.archived_at is None and row.is_active]
    if not open_ones and ARCHIVED_AT in ground.options.mapping.values():
        is_archived = draft.archived_at is not None
        open_ones = [row for row in named if row.archived_at is None or is_archived]
    if len(open_ones) == 1:
        return Place(id=open_ones[0].pk)
    if open_ones:
        raise _unclear(say("There are several organizations “%(name)s”.", name=name))
    if named:
        raise _unclear(say("The organization “%(name)s” is archived or inactive.", name=name))
    return None


def _unclear(message: str) -> RowStopped:
    return refused("organization", "organization_not_assignable", message=message)


def require_address(ground: Ground, draft: PersonDraft, *, prefix: str = "") -> None:
    """Stop a row whose new person lacks the address that the workspace demands."""
    if not draft.email and ground.settings["email_required"]:
        raise refused(f"{prefix}email", "missing", message=_("The e-mail address is missing."))
