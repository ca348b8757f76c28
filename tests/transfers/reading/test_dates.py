"""In which order a file writes its dates."""

import pytest

from portico.transfers.reading.dates import likely_order


@pytest.mark.parametrize(
    ("texts", "usual", "order"),
    [
        (["05.12.2027", "31.12.2027"], "mdy", "dmy"),
        (["05/12/2027", "12/31/2027"], "dmy", "mdy"),
        (["05/12/2027", "2027-12-31"], "mdy", "mdy"),
        (["05/12/2027"], "dmy", "dmy"),
        (["31.12.2027", "12.31.2027", "12.30.2027"], "dmy", "mdy"),
        ([], "ymd", "ymd"),
    ],
)
def test_the_order_that_reads_most_is_proposed(texts: list[str], usual: str, order: str) -> None:
    assert likely_order(texts, usual=usual) == order
