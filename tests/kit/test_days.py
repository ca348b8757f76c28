"""What people type as a day (edge cases 20 and 66)."""

import datetime

import pytest

from portico.kit.days import months_later, read_day
from portico.kit.errors import Refused

TODAY = datetime.date(2026, 11, 22)
END = datetime.date(2026, 12, 15)


def day(text: str, *, order: str = "dmy", counted_from: datetime.date | None = END) -> str:
    return read_day(text, order=order, today=TODAY, counted_from=counted_from).isoformat()


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("03.04.2026", "dmy", "2026-04-03"),
        ("03.04.2026", "mdy", "2026-03-04"),
        ("03/04/2026", "dmy", "2026-04-03"),
        ("3-4-2026", "mdy", "2026-03-04"),
        ("2026/04/03", "ymd", "2026-04-03"),
        ("2026-04-03", "mdy", "2026-04-03"),
        ("2026/04/03", "dmy", "2026-04-03"),
        ("31/12/27", "dmy", "2027-12-31"),
        ("27.12.31", "ymd", "2027-12-31"),
        ("  31/12/2027 ", "dmy", "2027-12-31"),
        ("31 Dec 2027", "mdy", "2027-12-31"),
        ("December 31, 2027", "dmy", "2027-12-31"),
        ("٣١/١٢/٢٠٢٧", "dmy", "2027-12-31"),
    ],
)
def test_edge_case_66_a_typed_day_is_read_in_the_readers_own_order(
    text: str, order: str, expected: str
) -> None:
    assert day(text, order=order) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+1y", "2027-12-15"),
        ("+ 2 years", "2028-12-15"),
        ("+6m", "2027-06-15"),
        ("+2w", "2026-12-29"),
        ("-5d", "2026-12-10"),
        ("+10 days", "2026-12-25"),
        ("end of 2027", "2027-12-31"),
        ("End of year", "2026-12-31"),
        ("end of next year", "2027-12-31"),
        ("end of month", "2026-11-30"),
        ("end of next month", "2026-12-31"),
        ("end of February 2028", "2028-02-29"),
        ("end of march", "2027-03-31"),
        ("today", "2026-11-22"),
        ("tomorrow", "2026-11-23"),
    ],
)
def test_edge_case_20_a_count_starts_at_the_day_that_is_there(text: str, expected: str) -> None:
    assert day(text) == expected


def test_a_count_without_a_day_starts_today() -> None:
    assert day("+1y", counted_from=None) == "2027-11-22"


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-02-28", 12, "2028-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-10-31", 1, "2026-11-30"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_edge_case_20_where_a_month_has_no_such_day_its_last_one_counts(
    start: str, months: int, expected: str
) -> None:
    assert months_later(datetime.date.fromisoformat(start), months).isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "31/13/2027", "30.02.2027", "1/2", "2027", "+1", "1y", "+9999y", "-9999y"),
        *("0000-01-01", "end of", "end of never", "3/4/926", "1" * 500),
    ],
)
def test_what_names_no_day_is_refused_with_an_example_in_the_readers_order(text: str) -> None:
    with pytest.raises(Refused) as caught:
        day(text)
    assert (caught.value.code, caught.value.detail) == (
        "invalid_date",
        "Enter a date such as 31/12/2027, +1y or end of 2027.",
    )
