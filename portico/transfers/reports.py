"""How the pages of an import name fields, separators and steps, and which import they show."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portico.kit.actors import Actor
from portico.kit.errors import NotThere
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.transfers.choices import IMPORT, WRONG, Outcome
from portico.transfers.reading.fields import Kind, fields_of
from portico.ui.words import say

MOST_COLUMNS = 5
_LATER = ("tags",)


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
    done = same.filter(state=OperationState.DONE).exclude(pk=operation.pk)
    found: Operation | None = done.order_by("-finished_at").first()
    return found


def field_choices(kind: Kind) -> list[tuple[str, str]]:
    """The fields that a column may fill, in the order of the form."""
    return [(name, field_label(name)) for name in fields_of(kind) if name not in _LATER]


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
    return _("%(rows)s rows · %(encoding)s · separator: %(separator)s") % {
        "rows": f"{operation.total:,}",
        "encoding": file["encoding"].upper(),
        "separator": separator_label(file["delimiter"]),
    }


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


def accepted_rows(operation: Operation) -> int:
    """How many rows would change something."""
    counts = operation.counts
    return int(counts.get("created", 0)) + int(counts.get("updated", 0))


def shown_columns(operation: Operation) -> list[str]:
    """The fields that the table of rows shows: those that tell rows apart first."""
    mapped = set(operation.options["asked"]["mapping"].values())
    order = (
        *("name", "given_name", "family_name", "organization", "email", "reference"),
        *("contact.name", "contact.email", "position", "phone", "address.city", "website"),
    )
    return [name for name in order if name in mapped][:MOST_COLUMNS]


def shown_rows(operation: Operation, part: str) -> list[dict[str, Any]]:
    """The kept rows of one outcome ("refused", "duplicate"), or the first of all."""
    rows: Sequence[dict[str, Any]] = operation.options.get("shown", [])
    chosen = [row for row in rows if not part or row["outcome"] == part]
    return [{**row, "mark": _mark(row["outcome"])} for row in chosen]


def _mark(outcome: str) -> tuple[str, str, str]:
    """Word, tone and shape."""
    return {
        Outcome.CREATED: (_("New"), "info", "dot"),
        Outcome.UPDATED: (_("Changes"), "info", "half"),
        Outcome.UNCHANGED: (_("The same"), "mute", "ring"),
        Outcome.DUPLICATE: (_("Left alone"), "mute", "ring"),
        Outcome.REFUSED: (_("To fix"), "bad", "dot"),
    }[Outcome(outcome)]


def created_links(operation: Operation) -> list[dict[str, Any]]:
    """Where the created records are found, the newest first."""
    links = []
    if operation.counts.get("organizations_created"):
        address = f"{reverse('organizations.list')}?sort=-created_at"
        links.append({"label": say("Show organizations"), "url": address})
    if operation.counts.get("people_created"):
        address = f"{reverse('people.list')}?sort=-created_at"
        links.append({"label": say("Show people"), "url": address})
    return links


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
    if operation.state == OperationState.CANCELLED:
        text = _("Cancelled after %(done)s of %(total)s rows. What was imported stays.")
        return text % {"done": operation.done, "total": operation.total}, "warn"
    if operation.state == OperationState.UNDONE:
        removed = counts.get("organizations_removed", 0) + counts.get("people_removed", 0)
        kept = counts.get("kept", 0)
        text = _("The import was undone: %(removed)s records removed, %(kept)s kept.")
        return text % {"removed": removed, "kept": kept}, "info"
    n = accepted_rows(operation)
    text = ngettext("%(n)s row was imported.", "%(n)s rows were imported.", n)
    return text % {"n": f"{n:,}"}, "ok" if n else "warn"
