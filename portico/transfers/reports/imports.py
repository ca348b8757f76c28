"""How the pages of an import name fields, separators and steps, and which import they show."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.clients.cleaning import PROPERTY_PREFIX, properties_of
from portico.clients.models import CustomProperty
from portico.invitations.limits import PER_WORKSPACE_AND_HOUR
from portico.kit.actors import Actor
from portico.kit.errors import NotThere
from portico.operations.choices import OperationState, Stage
from portico.operations.models import Operation
from portico.transfers.choices import (
    IMPORT,
    INVITATIONS,
    PARTLY,
    PROPERTY_SUBJECTS,
    TAGS_CREATED,
    WRONG,
    Existing,
    Match,
)
from portico.transfers.reading.fields import Kind, fields_of
from portico.ui.formats import format_date
from portico.ui.words import say, say_n
from portico.workspaces.presets import uses_membership_ends


def import_of(actor: Actor, operation_id: UUID) -> Operation:
    """The import that this actor may see. Raises NotThere."""
    rows = Operation.objects.visible_to(actor).filter(kind=IMPORT)
    operation: Operation | None = rows.filter(pk=operation_id).first()
    if operation is None:
        raise NotThere
    return operation


def earlier_import(operation: Operation) -> Operation | None:
    """The last finished import of the very same file, if there was one (edge case 46)."""
    same = Operation.objects.filter(
        kind=IMPORT, options__file__sha256=operation.options["file"]["sha256"]
    )
    used = (OperationState.DONE, OperationState.RUNNING, OperationState.WAITING)
    done = same.filter(state__in=used).exclude(pk=operation.pk)
    found: Operation | None = done.order_by("-created_at").first()
    return found


def same_file_notice(operation: Operation) -> str:
    """The warning that this very file was imported before, with the day and the name, or ""."""
    earlier = earlier_import(operation)
    if earlier is None:
        return ""
    return _("This very file was imported on %(day)s already, as “%(name)s”.") % {
        "day": _day(earlier.created_at),
        "name": earlier.title,
    }


def mapping_notice(operation: Operation) -> str:
    """Which earlier import the columns are taken from, or ""."""
    told = operation.options["file"].get("mapping_of")
    if not told:
        return ""
    text = _("The columns are filled in as they were for “%(name)s” on %(day)s.")
    day = _day(datetime.datetime.fromisoformat(told["at"]))
    return text % {"name": told["title"], "day": day}


def choices_notice(operation: Operation) -> str:
    """From which earlier import it is taken that records are changed, and by which key, or "".

    Nothing is told once somebody chose otherwise.
    """
    told, asked = operation.options["file"].get("choices_of"), operation.options["asked"]
    if not told or any(told[name] != asked[name] for name in ("existing", "match")):
        return ""
    text = _(
        "Records that are there already are changed, found by “%(key)s”, "
        "as for “%(name)s” on %(day)s."
    )
    day = _day(datetime.datetime.fromisoformat(told["at"]))
    key = match_label(Match(told["match"]), asked["kind"])
    return text % {"key": key, "name": told["title"], "day": day}


def match_label(key: Match, kind: Kind) -> str:
    """By what records are found, in words."""
    usual = _("Reference, else e-mail address") if kind == "people" else _("Reference, else name")
    return {
        Match.AUTO: usual,
        Match.REFERENCE: _("Reference"),
        Match.EMAIL: _("E-mail address"),
        Match.NAME: _("Name"),
    }[key]


def forecast(operation: Operation) -> list[str]:
    """What an import will do beside its rows: organizations, tags, invitations."""
    lines = []
    if operation.options["asked"]["kind"] == "people" and (
        n := operation.counts.get("organizations_created", 0)
    ):
        lines.append(say_n("%(n)s new organization", "%(n)s new organizations", n))
    if n := operation.counts.get(TAGS_CREATED, 0):
        lines.append(ngettext("%(n)s new tag", "%(n)s new tags", n) % {"n": n})
    if n := operation.counts.get(INVITATIONS, 0):
        text = ngettext("%(n)s invitation is sent.", "%(n)s invitations are sent.", n)
        lines.append(text % {"n": f"{n:,}"})
        if n > PER_WORKSPACE_AND_HOUR:
            limit = _("At most %(limit)s go out within an hour; the rows beyond are named.")
            lines[-1] += " " + limit % {"limit": PER_WORKSPACE_AND_HOUR}
    return lines


def active_properties(kind: Kind) -> dict[str, CustomProperty]:
    """The custom properties that columns may fill, by key, in order."""
    found = properties_of(PROPERTY_SUBJECTS[kind])
    return {key: row for key, row in found.items() if row.archived_at is None}


def date_fields(properties: Mapping[str, CustomProperty]) -> list[str]:
    """The fields that hold a date: the membership end date, and properties of that kind."""
    own = [f"{PROPERTY_PREFIX}{key}" for key, row in properties.items() if row.kind == "date"]
    return ["membership_end_date", *own]


def has_dates(kind: Kind) -> bool:
    """Whether a file of this kind can bring dates at all."""
    known = {name for name, _label in field_choices(kind)}
    return not known.isdisjoint(date_fields(active_properties(kind)))


def is_used(name: str) -> bool:
    """Whether this workspace has the field: pages offer and propose no other."""
    return name != "membership_end_date" or uses_membership_ends()


def field_choices(kind: Kind) -> list[tuple[str, str]]:
    """The fields that a column may fill, in the order of the form, then custom properties."""
    own = [(name, field_label(name)) for name in fields_of(kind) if is_used(name)]
    properties = active_properties(kind).values()
    return own + [(f"{PROPERTY_PREFIX}{row.key}", row.label) for row in properties]


def _day(moment: datetime.datetime) -> str:
    return format_date(timezone.localtime(moment).date())


def field_label(name: str) -> str:
    """A field in the words of the workspace."""
    labels = {
        "reference": _("Reference"),
        "name": _("Name"),
        "given_name": _("Given name"),
        "family_name": _("Family name"),
        "email": _("E-mail"),
        "position": _("Position"),
        "phone": _("Phone"),
        "organization": say("Organization"),
        "description": _("Description"),
        "website": _("Website"),
        "address.street": _("Street"),
        "address.city": _("City"),
        "address.region": _("Region"),
        "address.postal_code": _("Postal code"),
        "address.country": _("Country"),
        "membership_end_date": _("Membership end date"),
        "tags": _("Tags"),
        "account_managers": _("Account managers"),
        "account_manager": _("Account manager"),
        "is_active": _("Active"),
        "is_disabled": _("Disabled"),
        "archived_at": _("Archived"),
    }
    if name.startswith("contact."):
        return say("Person: %(field)s", field=labels[name.removeprefix("contact.")])
    return labels.get(name, name)


def separator_label(delimiter: str) -> str:
    """The name of a separator."""
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar")}
    return names.get(delimiter, delimiter)


def file_facts(operation: Operation) -> str:
    """What the file is, in one line."""
    file = operation.options["file"]
    form, number = file.get("form"), operation.total
    if form == "vcard":
        cards = ngettext("%(n)s address-book card", "%(n)s address-book cards", number)
        return _facts(cards % {"n": f"{number:,}"}, file["encoding"].upper())
    rows = ngettext("%(n)s row", "%(n)s rows", number) % {"n": f"{number:,}"}
    if form == "xlsx":
        return _facts(rows, _("Excel workbook"), _("sheet: %(sheet)s") % {"sheet": file["sheet"]})
    if form == "json":
        return _facts(rows, _("JSON export"))
    separator = _("separator: %(separator)s") % {"separator": separator_label(file["delimiter"])}
    return _facts(rows, file["encoding"].upper(), separator)


def _facts(*facts: str) -> str:
    return " · ".join(facts)


def steps_of(operation: Operation | None, current: int) -> list[dict[str, Any]]:
    """The four steps; those behind lead back as long as nothing is imported."""
    labels = (_("File"), _("Columns"), _("Check"), _("Result"))
    names = (None, "imports.mapping", "imports.check", "imports.show")
    is_open = operation is not None and operation.state in {
        OperationState.DRAFT,
        OperationState.CHECKED,
    }
    steps = []
    for place, (label, name) in enumerate(zip(labels, names, strict=True)):
        state = "done" if place < current else "current" if place == current else "next"
        address = None
        if is_open and name is not None and operation is not None:
            address = reverse(name, kwargs={"id": operation.pk})
        steps.append({"label": label, "state": state, "url": address})
    return steps


def label_of(name: str) -> str:
    """A counter, an outcome or a field of an import in the words of the workspace."""
    labels = {
        "rows": _("Rows"),
        "created": _("Created"),
        "updated": _("Changed"),
        "unchanged": _("Unchanged"),
        "duplicate": _("Left alone"),
        "duplicates": _("Left alone"),
        "refused": _("Refused"),
        WRONG: _("To fix"),
        "organizations_created": say("Organizations created"),
        "people_created": say("People created"),
        "organizations_removed": say("Organizations removed"),
        "people_removed": say("People removed"),
        "kept": _("Kept"),
        "restored": _("Changed back"),
        TAGS_CREATED: _("New tags"),
        INVITATIONS: _("Invitations"),
        PARTLY: _("Partly done"),
    }
    return labels.get(name) or field_label(name)


def figures_of(operation: Operation) -> list[dict[str, Any]]:
    """The numbers of a check or of a result."""
    counts = operation.counts
    wrong = counts.get(WRONG, 0)
    return [
        {"value": f"{counts.get('created', 0):,}", "label": _("New")},
        {"value": f"{counts.get('updated', 0):,}", "label": _("Change existing ones")},
        {
            "value": f"{counts.get('duplicates', 0) + counts.get('unchanged', 0):,}",
            "label": _("There already, left alone"),
        },
        {"value": f"{wrong:,}", "label": _("To fix"), "tone": "bad" if wrong else None},
    ]


def progress_label(operation: Operation, stage: Stage) -> str:
    """What an import that is under way does at this moment."""
    if operation.state == OperationState.UNDOING:
        return _("Undoing the import")
    if stage is Stage.CHECKING:
        return _("Checking all rows before the first is written")
    if stage is Stage.AT_ONCE:
        n = int(operation.options.get("is_writing", 0))
        text = ngettext("Writing %(n)s row at once", "Writing %(n)s rows at once", n)
        return text % {"n": f"{n:,}"}
    return _("Importing")


def nothing_sentence(operation: Operation) -> str:
    """That a checked file would change nothing, and why; "" where it would, or is wrong."""
    if accepted_rows(operation) or operation.counts.get(WRONG, 0):
        return ""
    if not operation.total:
        return _("There is nothing to import: no row stands below the names of the columns.")
    if operation.options["asked"]["existing"] == Existing.UPDATE:
        return _("There is nothing to import: everything in this file is so already.")
    text = _("There is nothing to import: all of it is there already, and is left as it is.")
    return text + " " + _("Under Change columns you may let the file change it.")


def accepted_rows(operation: Operation) -> int:
    """How many rows would change something."""
    counts = operation.counts
    return int(counts.get("created", 0)) + int(counts.get("updated", 0))


def record_links(operation: Operation) -> list[dict[str, str]]:
    """Where the records are found that an import made or changed, but for those taken back.

    First those of the kind that the file holds.
    """
    counts, kind = operation.counts, operation.options["asked"]["kind"]
    shown = {
        name: counts.get(f"{name}_created", 0) - counts.get(f"{name}_removed", 0)
        for name in sorted(("organizations", "people"), key=lambda name: name != kind)
    }
    shown[kind] = shown[kind] or counts.get("updated", 0) - counts.get("restored", 0)
    labels = {"organizations": say("Show organizations"), "people": say("Show people")}
    narrowed = f"?act={operation.pk}&state=all"
    return [
        {"label": labels[name], "url": reverse(f"{name}.list") + narrowed}
        for name, count in shown.items()
        if count
    ]


def result_figures_of(operation: Operation) -> list[dict[str, Any]]:
    """The numbers of an import that is over."""
    counts = operation.counts
    left = counts.get("duplicates", 0) + counts.get("unchanged", 0)
    wrong = counts.get("refused", 0)
    return [
        {"value": f"{counts.get('created', 0):,}", "label": _("Created")},
        {"value": f"{counts.get('updated', 0):,}", "label": _("Changed")},
        {"value": f"{left:,}", "label": _("Left alone")},
        {"value": f"{wrong:,}", "label": _("Refused"), "tone": "bad" if wrong else None},
    ]


def result_sentence(operation: Operation) -> tuple[str, str]:
    """How an import ended, as a sentence and its tone."""
    counts = operation.counts
    if operation.state == OperationState.FAILED:
        text = _("The import stopped: %(reason)s Rows before stay imported.")
        return text % {"reason": operation.last_error}, "bad"
    if operation.state == OperationState.CANCELLED and operation.undo_until is None:
        return _("Cancelled. Nothing was imported."), "warn"
    if operation.state == OperationState.CANCELLED:
        text = _("Cancelled after %(done)s of %(total)s rows. What was imported stays.")
        numbers = {"done": f"{operation.done:,}", "total": f"{operation.total:,}"}
        return text % numbers, "warn"
    if operation.state == OperationState.UNDONE:
        removed = counts.get("organizations_removed", 0) + counts.get("people_removed", 0)
        kept = counts.get("kept", 0)
        text = ngettext(
            "The import was undone: %(removed)s record removed, %(kept)s kept.",
            "The import was undone: %(removed)s records removed, %(kept)s kept.",
            removed,
        )
        if counts.get("restored"):
            text = ngettext(
                "The import was undone: %(removed)s record removed, %(restored)s changed back,"
                " %(kept)s kept.",
                "The import was undone: %(removed)s records removed, %(restored)s changed back,"
                " %(kept)s kept.",
                removed,
            )
        numbers = {"removed": removed, "kept": kept, "restored": counts.get("restored", 0)}
        return text % {name: f"{count:,}" for name, count in numbers.items()}, "info"
    n = accepted_rows(operation)
    text = ngettext("%(n)s row was imported.", "%(n)s rows were imported.", n)
    return text % {"n": f"{n:,}"}, "ok" if n else "warn"
