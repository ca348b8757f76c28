"""Telephone numbers: the international form beside what was typed."""

import re

import phonenumbers

_LONGEST = 250
_LEAST_DIGITS = 4
_NOT_A_DIGIT = re.compile(r"[^0-9]+")
_LIKE_A_NUMBER = re.compile(r"[0-9\s()+./\-\u2010-\u2015]+")


def e164(text: str, country_code: str) -> str:
    """The number as E.164 ("+4930123456"), or "" where it can't be read as one.

    `country_code` (ISO 3166 alpha-2 or "") is the country of a number without a country's prefix.
    Never refuses: a number is kept as typed whatever its form.
    """
    if not text or len(text) > _LONGEST:
        return ""
    try:
        number = phonenumbers.parse(text, country_code.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def searched_digits(phone: str, number: str) -> str:
    """The words under which a number is found: digits as typed, and those of its E.164 form.

    Each begins with a plus, so that none of them is a word that begins with a digit: who looks for
    "Studio 49" does not mean everybody who can be called in Germany.
    """
    typed, dialled = _NOT_A_DIGIT.sub("", phone), number.removeprefix("+")
    return " ".join(f"+{digits}" for digits in dict.fromkeys((typed, dialled)) if digits)


def dialled_digits(text: str) -> str:
    """The digits of a text that reads like a telephone number of four digits and more, else "".

    Without the zeros in front, which are dialled in one's own country and stand in no other form.
    """
    if not _LIKE_A_NUMBER.fullmatch(text):
        return ""
    digits = _NOT_A_DIGIT.sub("", text)
    significant = digits.lstrip("0")
    found = significant if len(significant) >= _LEAST_DIGITS else digits
    return found if len(found) >= _LEAST_DIGITS else ""
