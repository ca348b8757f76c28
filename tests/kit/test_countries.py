import csv
import io
from collections.abc import Callable

import pytest

from portico.kit.countries import country_code

ReadShared = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("text", "code"),
    (
        ("de", "DE"), ("DEU", "DE"), ("USA", "US"), ("U.S.A.", "US"), ("uk", "GB"),
        ("England", "GB"), ("Holland", "NL"), ("South Korea", "KR"), ("Czech Republic", "CZ"),
        ("Türkiye", "TR"), ("Turkey", "TR"), ("Côte d’Ivoire", "CI"), ("Korea, Republic of", "KR"),
        ("Deutschland", "DE"), ("España", "ES"), ("日本", "JP"), ("Hong Kong", "HK"),
        ("  Mexico ", "MX"), ("Bosnia & Herzegovina", "BA"), ("Kosovo", "XK"),
    ),
)  # fmt: skip
def test_codes_names_and_aliases_are_understood(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ("", " ", "?", "Atlantis", "XX", "x" * 5000, "\ud800"))
def test_what_is_no_country_is_unknown(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("path", "column", "count"),
    (
        ("northwind/customers.csv", "Country", 21),
        ("chinook/Customer.csv", "Country", 24),
        ("classicmodels/customers_data.csv", "COUNTRY", 27),
    ),
)
def test_every_country_of_the_real_files_is_known(
    shared_data: ReadShared, path: str, column: str, count: int
) -> None:
    text = shared_data(path).decode("utf-8-sig")
    separator = "\t" if "\t" in text.split("\n", 1)[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    countries = {row[column] for row in rows}
    assert len(countries) == count
    assert {country for country in countries if country_code(country) is None} == set()
