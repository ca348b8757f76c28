"""Checks of single cells. Each takes the text of a filled cell and returns what is stored, or
raises `Refused`; line breaks and tabs inside one-line fields become single spaces.
"""

import datetime
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from portico.clients.cleaning.properties import NO, YES
from portico.kit.addresses import clean_email, email_key
from portico.kit.errors import Refused
from portico.kit.names import clean_name, clean_text, name_key, trim
from portico.kit.websites import clean_website

DAMAGED = "\ufffd"
GIVEN_NAME_LENGTH = 100
REFERENCE_LENGTH = 100
POSITION_LENGTH = 200
PHONE_LENGTH = 50
DESCRIPTION_LENGTH = 10_000
STREET_LENGTH = 500
CITY_LENGTH = 200
COUNTRY_LENGTH = 100
POSTAL_CODE_LENGTH = 30
TAG_LENGTH = 50
PROPERTY_LENGTH = 10_000
_BREAKS = re.compile(r"\s*[\t\n\r\x0b\x0c\x85\u2028\u2029]\s*")
_TAG_SEPARATORS = re.compile(r":::|[,;|\n]")
_BLANKS_TOO = re.compile(r":::|[,;|\s]")
# What a link cell becomes when Microsoft Access exports it: text#address#.
_ACCESS_LINK = re.compile(r"[^#]*#([^#]+)#[^#]*")
# Google joins several values of one cell so.
_GOOGLE_JOIN = " ::: "


def one_line(text: str) -> str:
    """The text with line breaks and tabs made single spaces."""
    return text if text.isprintable() else _BREAKS.sub(" ", text)


def line(text: str, *, max_length: int) -> str:
    """One line of text of at most `max_length` characters."""
    return clean_text(one_line(text), max_length=max_length)


def lines(text: str, *, max_length: int) -> str:
    """Text of several lines of at most `max_length` characters."""
    return clean_text(text, max_length=max_length, multiline=True)


def organization_name(text: str) -> str:
    """The name of an organization, 2 to 200 characters."""
    return clean_name(one_line(text))


def person_name(text: str) -> str:
    """The name of a person, 1 to 200 characters."""
    return clean_name(one_line(text), minimum=1)


def email(text: str) -> str:
    """One e-mail address; of several that Google joined in a cell the first."""
    return clean_email(trim(text.split(_GOOGLE_JOIN, 1)[0]))


def phone(text: str) -> str:
    """A telephone number as written; of several that Google joined in a cell the first."""
    return line(text.split(_GOOGLE_JOIN, 1)[0], max_length=PHONE_LENGTH)


def website(text: str) -> str:
    """A web address; the links that Microsoft Access writes are understood."""
    link = _ACCESS_LINK.fullmatch(text)
    return clean_website(link[1] if link is not None else text)


def tags(texts: Iterable[str], *, at_blanks: bool = False) -> tuple[str, ...]:
    """The tags in the cells: separated by comma, semicolon, bar, line break or `:::`.

    `at_blanks` separates them at blanks too. A tag stands once, whatever its case; Google's own
    groups ("* myContacts") are left out.
    """
    separators = _BLANKS_TOO if at_blanks else _TAG_SEPARATORS
    found: dict[str, str] = {}
    for text in texts:
        for part in separators.split(text):
            tag = line(part, max_length=TAG_LENGTH)
            if tag and not tag.startswith("* "):
                found.setdefault(name_key(tag), tag)
    return tuple(found.values())


def managers(texts: Iterable[str]) -> tuple[str, ...]:
    """The keys of the addresses in the cells, separated as tags are; each once, in their order."""
    parts = (trim(part) for text in texts for part in _TAG_SEPARATORS.split(text))
    return tuple(dict.fromkeys(email_key(clean_email(part)) for part in parts if part))


def flag(text: str) -> bool:
    """Yes or no, as exports write it, and as 1 and 0, true and false."""
    word = name_key(text)
    if word in YES or word == name_key(_("Yes")):
        return True
    if word in NO or word == name_key(_("No")):
        return False
    raise Refused("not_a_flag", _("Choose yes or no."))


def past_moment(text: str) -> datetime.datetime:
    """A day or an instant that is over, as exports write it; without a zone it is in UTC."""
    try:
        moment = datetime.datetime.fromisoformat(trim(text))
    except ValueError:
        raise Refused("invalid_date", _("Enter a date as YYYY-MM-DD.")) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    if moment > datetime.datetime.now(datetime.UTC):
        raise Refused("future_date", _("This date lies in the future."))
    return moment


def refuse_damaged(text: str) -> None:
    """Raises `Refused("damaged_characters")` for text that was broken before it came here."""
    if DAMAGED in text:
        raise Refused(
            "damaged_characters", _("This text contains damaged characters (\ufffd). Correct them.")
        )
