"""Which character separates the cells of a file."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

SEPARATORS = (",", ";", "\t", "|")
_RECORDS = 200


def find_separator(sample: str) -> str:
    """The separator that cuts the records of a sample most evenly; a comma where none does.

    Counted is how many records have the most frequent number of cells, weighted so that a few
    more cells count little: a semicolon inside addresses must not win over commas.
    """
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator))


def sample_records(sample: str, separator: str) -> list[list[str]]:
    """The first records of a sample, without blank lines and without a cut-off last record."""
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if record:
                records.append(record)
            if len(records) == _RECORDS:
                break
    except csv.Error:
        pass
    return records


def usual_width(records: Sequence[Sequence[str]]) -> int:
    """The most frequent number of cells; of several equally frequent ones the largest."""
    widths = Counter(len(record) for record in records)
    return max(widths, key=lambda width: (widths[width], width), default=0)


def _evenness(sample: str, separator: str) -> float:
    records = sample_records(sample, separator)
    width = usual_width(records)
    if width < 2:
        return 0.0
    even = sum(len(record) == width for record in records) / len(records)
    wide = sum(len(record) > 1 for record in records) / len(records)
    return even * wide * (width - 1) / width
