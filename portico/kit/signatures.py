"""Reading humans out of what somebody pastes: `Name <mail>`, a mail, a name, a signature, a list.

Pure text in, text out; nothing is refused here. What is understood is shown in fields that may be
changed, and the actions clean and check those.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portico.kit.addresses import clean_email
from portico.kit.errors import Refused
from portico.kit.names import trim_copied

LONGEST = 20_000
_LINE = 1000
_ENOUGH_DIGITS = 7
_MOST_DIGITS = 15
_LONGEST_POSITION = 80
_BREAK = r"\s<>()\[\],;:\"'|“”„‘’"
# Begins only behind a break: tried from each character, a long word would be read again and again.
_EMAIL = re.compile(rf"(?<![^{_BREAK}])[^{_BREAK}]+@[^{_BREAK}]+")
_PHONE = re.compile(r"(?<![\w@.])\(?(?:\+|00)?\(?\d[\d\s().\-/\u00a0]{5,30}\d(?![\w@])")
_LABEL = re.compile(
    r"(?i)(?:^|(?<=[\s,;|·•]))(?:tel(?:efon|ephone)?|phone|mob(?:ile?|il)?|cell|handy|direct|office"
    r"|e-?mail|mailto|mail|[temp])\s*[.:]+\s*"
)
_FAX = re.compile(r"(?i)^\s*(?:tele)?fax|^\s*f\s*[.:]")
_WEBSITE = re.compile(r"(?i)^\s*(?:w(?:eb(?:site)?)?\s*[.:]\s*)?(?:https?://|www\.)\S+\s*$")
_GREETING = re.compile(
    r"(?i)^\s*(?:--+|__+|(?:kind|best|warm)?\s*regards|best( wishes)?|cheers|thanks|thank you"
    r"|sincerely|mit freundlichen grüßen|viele grüße|cordialement|sent from .*)\s*,?\s*$"
)
_FAMILY_FIRST = re.compile(r"^\s*[\"“„]?([^\s,\"<]+(?: [^\s,\"<]+)?),\s*([^\s,\"<]+)[\"”“]?\s*$")
_EDGES = ' \t\u00a0,;:|·•–—-<>()[]"“”„'


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What a text says about one human; what it does not say is empty.

    `bad_email` is what looks like an address and is none.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    position: str = ""
    bad_email: str = ""


def lines_of(text: str) -> list[str]:
    """The lines that hold something, trimmed, without the character that no database takes."""
    text = text[:LONGEST].replace("\x00", "")
    lines = (trim_copied(line) for line in re.split(r"\r\n?|[\n\u0085\u2028\u2029]", text))
    return [line for line in lines if line]


def people_lines(text: str) -> list[str]:
    """The lines of a list of several people; empty when the text is about one.

    Several addresses are several people. With one address or number among bare lines it is a
    signature; lines of names alone are a list.
    """
    lines = lines_of(text)
    if len(lines) == 1:
        lines = _parts_of_one_line(lines[0])
    if len(lines) < 2:
        return []
    reached = [_EMAIL.search(line) is not None for line in lines]
    if sum(reached) > 1:
        return [line for line in lines if not _GREETING.match(line)]
    if any(_is_of_signature(line) for line in lines):
        return []
    return lines


def recipients_in(text: str) -> list[str]:
    """One text for each who is meant; mere addresses may stand on one line, parted as one likes."""
    lines = lines_of(text)
    words = [word for word in re.split(r"[\s,;]+", " ".join(lines)) if word]
    if words and all("@" in word for word in words):
        return words
    return people_lines(text) or lines


def understand(text: str) -> Understood:
    """What the text says about one human: name, position, address, number."""
    email, bad_email, phone = "", "", ""
    rest: list[str] = []
    for line in lines_of(text):
        if _FAX.match(line) or _WEBSITE.match(line) or _GREETING.match(line):
            continue
        address, without = _taken_out(line[:_LINE], _address_in(line[:_LINE]))
        if address and _is_email(address):
            email = email or address
        else:
            bad_email = bad_email or address
        number, without = _taken_out(without, _number_in(without))
        phone = phone or number
        without = _LABEL.sub(" ", without)
        if without.strip(_EDGES):
            rest.append(without)
    name, position = _name_and_position(rest)
    return Understood(
        name=name or _name_of(email),
        email=email,
        phone=phone,
        position=position,
        bad_email="" if email else bad_email,
    )


def domain_of(email: str) -> str:
    """The domain of an address, in small letters; empty where there is none."""
    return email.rpartition("@")[2].lower() if "@" in email else ""


def _parts_of_one_line(line: str) -> list[str]:
    """A line of a mail program's recipients: `A <a@x.test>, B <b@x.test>; c@x.test`."""
    if len(_EMAIL.findall(line)) < 2:
        return [line]
    parts = line.split(";") if ";" in line else re.split(r"(?<=[>\w])\s*,\s*(?=[^,]*@)", line)
    return [part for part in (trim_copied(part) for part in parts) if part]


def _is_of_signature(line: str) -> bool:
    found = _EMAIL.search(line)
    if found:
        return not trim_copied(_LABEL.sub("", line[: found.start()])).strip(_EDGES)
    return bool(_number_in(line) or _FAX.match(line) or _WEBSITE.match(line))


def _taken_out(line: str, piece: str) -> tuple[str, str]:
    """A piece of a line without its edges, and the line without the piece."""
    return piece.strip("."), line.replace(piece, " ", 1) if piece else line


def _address_in(line: str) -> str:
    found = _EMAIL.search(line)
    if found is not None:
        return found.group()
    return next((word for word in line.split() if "@" in word), "")


def _number_in(line: str) -> str:
    for found in _PHONE.finditer(line):
        digits = sum(character.isdigit() for character in found.group())
        if _ENOUGH_DIGITS <= digits <= _MOST_DIGITS:
            return found.group().strip()
    return ""


def _is_email(text: str) -> bool:
    try:
        clean_email(text)
    except Refused:
        return False
    return True


def _name_and_position(rest: Sequence[str]) -> tuple[str, str]:
    if not rest:
        return "", ""
    first = rest[0]
    turned = _FAMILY_FIRST.match(first.strip(" \t<>"))
    quoted = first.lstrip().startswith(('"', "“", "„"))
    if turned and (quoted or len(rest) == 1):
        family, given = turned.groups()
        return f"{given} {family}".strip(_EDGES), ""
    name, _separator, position = _cut(first)
    if not position and len(rest) > 1 and not any(map(str.isdigit, rest[1])):
        position = rest[1]
    position = " ".join(position.strip(_EDGES).split())
    return _joined(name), position if len(position) <= _LONGEST_POSITION else ""


def _cut(line: str) -> tuple[str, str, str]:
    """The name and what stands behind it: after a comma, a tab, a bar, a dash between spaces."""
    found = re.search(r"\t|;|,|\||·|•|\s[–—-]\s", line.strip(_EDGES))
    if found is None:
        return line, "", ""
    line = line.strip(_EDGES)
    return line[: found.start()], found.group(), line[found.end() :]


def _joined(name: str) -> str:
    return " ".join(name.strip(_EDGES).split())


def _name_of(email: str) -> str:
    """A name to propose from `given.family@`; what holds digits or has one letter is left out."""
    local = email.partition("@")[0].partition("+")[0]
    words = [word for word in re.split(r"[._\-]+", local) if word]
    if not words or not all(word.isalpha() for word in words):
        return ""
    return " ".join(word[:1].upper() + word[1:] for word in words)
