"""Cells that a spreadsheet would run as a formula, made harmless and back again.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break (blanks and apostrophes before
them are looked through) gets one apostrophe in front, which makes spreadsheets take it as text.
Reading takes exactly that apostrophe away, so that what was exported comes back as it was.

A negative number stays as it is, and nothing but one: a minus, digits, perhaps a point with digits
and an exponent. A spreadsheet calculates with it as it does with a positive one.

A telephone number stays as it is: a plus, then nothing but digits, blanks, dots, hyphens, slashes
and brackets (no further plus), at least five digits, perhaps "x12" or "ext. 12" at the end. Such a
cell can call nothing and refer to no cell, and an apostrophe would spoil it for whatever reads the
file next.
"""

import re

_FORMULA = re.compile(r"'*(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
_PHONE = re.compile(
    r"\+(?=(?:[^0-9]*[0-9]){5})\(?[0-9][0-9 ().\-/]*(?:(?:x|ext\.?) ?[0-9]{1,6})?", re.ASCII
)
_NUMBER = re.compile(r"-[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?", re.ASCII)
_HARMLESS = (_PHONE, _NUMBER)


def neutralised(cell: str) -> str:
    """The cell as it may be written to a file that a spreadsheet opens."""
    if not _FORMULA.match(cell) or any(known.fullmatch(cell) for known in _HARMLESS):
        return cell
    return f"'{cell}"


def restored(cell: str) -> str:
    """The cell as it was before `neutralised`; every other cell comes back unchanged."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
