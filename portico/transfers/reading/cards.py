"""Address-book cards (vCard 2.1, 3.0 and 4.0), read as a table of people: one row for each card.

Phones write what no library of cards accepts as a whole: broken pictures, soft line breaks without
their next line, cards without a name. Here each line stands alone, so that one spoils no other.
"""

import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from portico.transfers.reading.encodings import decoded
from portico.transfers.reading.rows import Count, Table, empty_file, filled

COLUMNS = (
    "name",
    "given_name",
    "family_name",
    "email",
    "phone",
    "position",
    "organization",
    "tags",
)
_BEGIN = re.compile(r"\s*BEGIN:VCARD\s*[\r\n]", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SOFT_BREAK = re.compile(r"QUOTED-PRINTABLE[^:]*:", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class _Line:
    """One property of a card: EMAIL, its parameters in upper case, its text."""

    name: str
    parameters: str
    text: str

    @property
    def rank(self) -> int:
        """Where it stands among its like: the preferred one first, a fax last."""
        kinds = set(re.findall(r"\w+", self.parameters))
        return -1 if "PREF" in kinds else int("FAX" in kinds or "PAGER" in kinds)


@dataclass
class _Card:
    lines: list[_Line] = field(default_factory=list)

    def texts(self, name: str) -> list[str]:
        """The texts of a property, the best one first."""
        found = [line for line in self.lines if line.name == name and line.text.strip()]
        return [line.text for line in sorted(found, key=lambda line: line.rank)]


def is_cards(content: bytes) -> bool:
    """Whether a file begins as address-book cards do."""
    start = content[:400]
    if start.startswith(_MARKS) or b"\0" in start:
        start = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    return _BEGIN.match(start.decode("latin-1")) is not None


def open_cards(content: bytes, *, name: str = "") -> Table:
    """Opens the cards of a file as a table whose columns are the fields that they fill.

    Of several addresses and numbers the preferred one is taken, else the first. Raises `Refused`
    as `encodings.decoded` does, and with `empty_file` where no card is whole.
    """
    text, encoding = decoded(content)
    rows = [_cells(card) for card in _cards(_unfolded(text), charset=encoding.label)]
    if not rows:
        raise empty_file()
    count = Count()
    for _number, record in filled(enumerate(rows, start=1), len(COLUMNS)):
        count.add(record, width=len(COLUMNS))
    return Table(
        name=name,
        form="vcard",
        encoding=encoding.label,
        header=COLUMNS,
        row_count=count.rows,
        overflow=0,
        notices=encoding.notices,
        records=lambda: filled(enumerate(rows, start=1), len(COLUMNS)),
    )


def _unfolded(text: str) -> Iterator[str]:
    """The lines of a file, put together where they were broken to be short."""
    whole = ""
    for line in _LINE_END.split(text):
        is_soft = whole.endswith("=") and _SOFT_BREAK.search(whole) is not None
        if is_soft and not _starts_or_ends(line):
            whole = whole[:-1] + line.lstrip(" \t")
        elif line[:1] in {" ", "\t"} and whole:
            whole += line[1:]
        else:
            yield whole
            whole = line
    yield whole


def _starts_or_ends(line: str) -> bool:
    return line.strip().upper() in {"BEGIN:VCARD", "END:VCARD"}


def _cards(lines: Iterable[str], *, charset: str) -> Iterator[_Card]:
    """The cards; one inside another (an assistant's) belongs to nobody here."""
    card, depth = _Card(), 0
    for line in lines:
        mark = line.strip().upper()
        if mark == "BEGIN:VCARD":
            depth += 1
            card = _Card() if depth == 1 else card
        elif mark == "END:VCARD" and depth:
            depth -= 1
            if not depth:
                yield card
        elif depth == 1 and (read := _line(line, charset=charset)) is not None:
            card.lines.append(read)


def _line(line: str, *, charset: str) -> _Line | None:
    head, colon, text = line.partition(":")
    if not colon:
        return None
    name, _semicolon, parameters = head.upper().partition(";")
    if "QUOTED-PRINTABLE" in parameters:
        text = _unquoted(text, charset=_charset(parameters) or charset)
    return _Line(name.rsplit(".", 1)[-1].strip(), parameters, text)


def _charset(parameters: str) -> str:
    found = re.search(r"CHARSET=\"?([\w-]+)", parameters)
    return found[1] if found is not None else ""


def _unquoted(text: str, *, charset: str) -> str:
    content = quopri.decodestring(text.encode("utf-8", "replace"))
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _cells(card: _Card) -> list[str]:
    family, given, middle, prefix, suffix = _name_parts(card)
    joined = " ".join(filter(None, (prefix, given, middle, family, suffix)))
    values: Mapping[str, str] = {
        "name": _first(card, "FN") or joined,
        "given_name": given,
        "family_name": family,
        "email": _email(card),
        "phone": _first(card, "TEL").removeprefix("tel:"),
        "position": _first(card, "TITLE"),
        "organization": _parts(card.texts("ORG")[0])[0] if card.texts("ORG") else "",
        "tags": ", ".join(_plain(text) for text in card.texts("CATEGORIES")),
    }
    return [" ".join(values[column].split()) for column in COLUMNS]


def _name_parts(card: _Card) -> list[str]:
    names = card.texts("N")
    parts = [" ".join(part.split()) for part in _parts(names[0])] if names else []
    return [*parts, "", "", "", "", ""][:5]


def _first(card: _Card, name: str) -> str:
    texts = card.texts(name)
    return _plain(texts[0]).strip() if texts else ""


def _email(card: _Card) -> str:
    """The preferred address that looks like one, else whatever stands there."""
    texts = [_plain(text).strip() for text in card.texts("EMAIL")]
    return next((text for text in texts if "@" in text), texts[0] if texts else "")


def _parts(text: str) -> list[str]:
    """The parts of a text that semicolons separate; one behind a backslash belongs to the text."""
    return [_plain(part).strip() for part in re.split(r"(?<!\\);", text)]


def _plain(text: str) -> str:
    """The text without the backslashes of the format; a line break becomes one."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
