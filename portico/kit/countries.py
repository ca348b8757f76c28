"""Countries: from what people write to the ISO 3166 code, without any network."""

from functools import lru_cache

import pycountry
from babel import Locale

from portico.kit.names import search_fold

_ALIASES = {
    "america": "US", "england": "GB", "scotland": "GB", "wales": "GB", "northern ireland": "GB",
    "great britain": "GB", "britain": "GB", "uk": "GB", "u k": "GB", "usa": "US", "us": "US",
    "u s": "US", "u s a": "US", "united states of america": "US", "the united states": "US",
    "holland": "NL", "the netherlands": "NL", "south korea": "KR", "korea": "KR",
    "republic of korea": "KR", "north korea": "KP", "russia": "RU", "uae": "AE", "eire": "IE",
    "republic of ireland": "IE", "czech republic": "CZ", "slovak republic": "SK", "burma": "MM",
    "ivory coast": "CI", "cape verde": "CV", "swaziland": "SZ", "macedonia": "MK",
    "persia": "IR", "vatican": "VA", "vatican city": "VA", "macau": "MO", "hongkong": "HK",
    "china mainland": "CN", "mainland china": "CN", "prc": "CN", "congo kinshasa": "CD",
    "congo brazzaville": "CG", "dr congo": "CD", "drc": "CD", "east timor": "TL", "siam": "TH",
    "turkey": "TR", "laos": "LA", "moldova": "MD", "syria": "SY", "tanzania": "TZ",
    "bolivia": "BO", "venezuela": "VE", "vietnam": "VN", "viet nam": "VN", "brunei": "BN",
    "palestine": "PS", "micronesia": "FM", "kosovo": "XK", "xk": "XK", "el": "GR", "hellas": "GR",
}  # fmt: skip
# Languages whose own names of countries are understood as well ("Deutschland", "España").
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "el", "ja", "zh")


def country_code(text: str) -> str | None:
    """The ISO 3166 alpha-2 code for a code, a name or a common alias, or None if unknown.

    Names are taken in English and in a few large languages, in any case, with or without accents.
    """
    folded = _folded(text)
    if not folded:
        return None
    found = _english().get(folded)
    if found is not None or (folded.isascii() and len(folded) < 3):
        return found
    return _foreign().get(folded)


@lru_cache(maxsize=1024)
def _folded(text: str) -> str:
    letters = (character if character.isalnum() else " " for character in search_fold(text[:200]))
    return " ".join("".join(letters).split())


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    """Folded code or English name to code; the aliases win over an official name."""
    known: dict[str, str] = {}
    for country in pycountry.countries:
        for attribute in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            if name := getattr(country, attribute, None):
                known.setdefault(_folded(name), country.alpha_2)
    return _territories("en") | known | _ALIASES


@lru_cache(maxsize=1)
def _foreign() -> dict[str, str]:
    """Folded names in other languages, made at the first name that is not English."""
    known: dict[str, str] = {}
    for language in _LANGUAGES:
        for name, code in _territories(language).items():
            known.setdefault(name, code)
    return known


def _territories(language: str) -> dict[str, str]:
    names = Locale.parse(language).territories
    return {
        _folded(name): code
        for code, name in names.items()
        if pycountry.countries.get(alpha_2=code) is not None
    }
