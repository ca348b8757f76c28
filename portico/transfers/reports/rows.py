"""The rows of a file that the pages of an import show, each with what becomes of it."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from portico.operations.models import Operation
from portico.transfers.choices import FIRST_ROWS, Outcome
from portico.transfers.reading.cells import one_line
from portico.transfers.reports.imports import (
    active_properties,
    date_fields,
    field_choices,
    field_label,
)
from portico.ui.formats import format_date

MOST_COLUMNS = 5
MOST_CELLS = 600
"""Cells of a form to correct rows: the server takes a thousand fields of a form."""

_PARTS: Mapping[str, tuple[str, ...]] = {"same": (Outcome.UNCHANGED, Outcome.DUPLICATE)}


def named_organizations(
    operation: Operation, *, typed: Mapping[str, str], errors: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Each name of an organization that none has: its field, what it stands for or was typed."""
    meant = operation.options["asked"].get("organization_names", {})
    names = [*meant, *operation.options.get("unknown_names", [])]
    return [
        {
            "name": name,
            "field": (field := f"meant-{place}"),
            "text": typed.get(field, meant.get(name, "")),
            "errors": [errors[name]] if name in errors else [],
        }
        for place, name in enumerate(names)
    ]


def rows_to_fix(operation: Operation) -> list[dict[str, Any]]:
    """Refused rows to be corrected on the page: their cells, each with what is wrong with it."""
    mapping = operation.options["asked"]["mapping"]
    rows = operation.options.get("to_fix", [])
    fitting = max(1, MOST_CELLS // max(1, len(mapping)))
    return _wrong_first([_row_to_fix(row, mapping) for row in rows[:fitting]])


def _wrong_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the column that tells them apart, then those with problems, then the others.

    A file has more columns than fit on the page, and what is wrong must not stand out of sight.
    """
    wrong = {cell["column"] for row in rows for cell in row["cells"] if cell["problems"]}
    for row in rows:
        first, *others = row["cells"]
        row["cells"] = [first, *sorted(others, key=lambda cell: cell["column"] not in wrong)]
    return rows


def _row_to_fix(row: dict[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    left = [(field, message) for field, message in row["problems"]]
    cells = []
    for place, (column, text) in enumerate(row["cells"].items()):
        mapped = mapping.get(column) or None
        own = [message for field, message in left if field == mapped]
        left = [(field, message) for field, message in left if field != mapped]
        cells.append(
            {
                "name": f"cell-{row['row']}-{place}",
                "column": column,
                "text": one_line(text),  # as a field of one line shows it: it drops line breaks
                "problems": own,
            }
        )
    reason = " ".join(dict.fromkeys(message for _field, message in left))
    return {"row": row["row"], "cells": cells, "reason": reason}


def shown_columns(operation: Operation) -> list[tuple[str, str]]:
    """The fields that the table of rows shows, with labels: those that tell rows apart first."""
    mapped = list(operation.options["asked"]["mapping"].values())
    order = (
        *("name", "given_name", "family_name", "organization", "email", "reference"),
        *("contact.name", "contact.email", "position", "phone", "address.city", "website"),
    )
    telling = [name for name in order if name in mapped]
    others = [name for name in mapped if name and name not in order]
    labels = _labels(operation)
    return [(name, labels(name)) for name in [*telling, *others][:MOST_COLUMNS]]


def shown_rows(operation: Operation, part: str) -> list[dict[str, Any]]:
    """The kept rows of one part ("refused", "updated", "same"), or the first of the file."""
    rows: Sequence[dict[str, Any]] = operation.options.get("shown", [])
    outcomes = _PARTS.get(part, (part,))
    chosen = [row for row in rows if row["outcome"] in outcomes] if part else rows[:FIRST_ROWS]
    return [{**row, "mark": _mark(row["outcome"])} for row in chosen]


def rows_of(operation: Operation, part: str) -> list[dict[str, Any]]:
    """What the check page shows under the head of this part."""
    is_changing = part == Outcome.UPDATED
    return changing_rows(operation) if is_changing else shown_rows(operation, part)


def left_alone(operation: Operation) -> int:
    """How many rows name a record that is there and stays as it is."""
    counts = operation.counts
    return int(counts.get("duplicates", 0)) + int(counts.get("unchanged", 0))


def changing_rows(operation: Operation) -> list[dict[str, Any]]:
    """The kept rows that change a record, each with `changes`: label, old and new value."""
    days = set(date_fields(active_properties(operation.options["asked"]["kind"])))
    label = _labels(operation)
    return [
        {
            **row,
            "changes": [
                {
                    "label": label(name),
                    "old": _day_of(old) if name in days else old,
                    "new": _day_of(new) if name in days else new,
                }
                for name, old, new in row.get("changes", ())
            ],
        }
        for row in shown_rows(operation, Outcome.UPDATED)
    ]


def _labels(operation: Operation) -> Callable[[str], str]:
    """How fields and custom properties are called."""
    known = dict(field_choices(operation.options["asked"]["kind"]))
    return lambda name: known.get(name) or field_label(name)


def _day_of(text: str) -> str:
    return format_date(datetime.date.fromisoformat(text)) if text else ""


def _mark(outcome: str) -> tuple[str, str, str]:
    """Word, tone and shape."""
    return {
        Outcome.CREATED: (_("New"), "info", "dot"),
        Outcome.UPDATED: (_("Changes"), "info", "half"),
        Outcome.UNCHANGED: (_("The same"), "mute", "ring"),
        Outcome.DUPLICATE: (_("Left alone"), "mute", "ring"),
        Outcome.REFUSED: (_("To fix"), "bad", "dot"),
    }[Outcome(outcome)]
