"""Telephone numbers: the international form beside what was typed."""

import phonenumbers

_LONGEST = 250


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
