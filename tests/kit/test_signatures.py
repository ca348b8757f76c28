"""Reading humans out of pasted text."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portico.kit.signatures import Understood, domain_of, people_lines, understand
from portico.kit.similarity import similarity

NAMES = st.from_regex(r"[A-Z][a-zäöüßéñ]{1,9} [A-Z][a-zäöüßéñ]{1,12}", fullmatch=True)
ADDRESSES = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@[a-z]{2,8}\.(test|example)", fullmatch=True)
LENA = Understood(name="Lena Fischer", email="lena@acme.example")


@pytest.mark.parametrize(
    "text",
    (
        "Lena Fischer <lena@acme.example>",
        " Lena  Fischer  lena@acme.example ",
        '"Lena Fischer" <lena@acme.example>',
        '"Fischer, Lena" <lena@acme.example>',
        "Fischer, Lena <lena@acme.example>",
        "Lena Fischer, lena@acme.example",
        "Lena Fischer; lena@acme.example",
        "Lena Fischer\tlena@acme.example",
        "Lena Fischer (lena@acme.example)",
        "Lena Fischer\nE-Mail: lena@acme.example",
        "mailto:lena@acme.example Lena Fischer",
        "\ufeffLena Fischer <lena@acme.example>\r\n",
    ),
)
def test_a_name_and_an_address_are_read_however_they_stand_together(text: str) -> None:
    assert understand(text) == LENA


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("Lena Fischer", Understood(name="Lena Fischer")),
        ("Müller-Lüdenscheidt", Understood(name="Müller-Lüdenscheidt")),
        ("田中 太郎", Understood(name="田中 太郎")),
        (
            "lena.fischer@acme.example",
            Understood(name="Lena Fischer", email="lena.fischer@acme.example"),
        ),
        ("lena@acme.example", Understood(name="Lena", email="lena@acme.example")),
        ("b2b@acme.example", Understood(email="b2b@acme.example")),
        ("Lena a@b@c", Understood(name="Lena", bad_email="a@b@c")),
        ("Lena lena@", Understood(name="Lena", bad_email="lena@")),
        ("", Understood()),
        ("  \n \t", Understood()),
    ),
)
def test_a_name_alone_and_an_address_alone_are_read(text: str, expected: Understood) -> None:
    assert understand(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        (
            "Ayşe Yıldız, Head of Purchasing\nayse.yildiz@acme-windows.example\nT +49 40 555 023",
            (
                "Ayşe Yıldız",
                "ayse.yildiz@acme-windows.example",
                "+49 40 555 023",
                "Head of Purchasing",
            ),
        ),
        (
            "Best regards,\n\nTom Okafor\nSales Manager\nAcme Ltd\n"
            "Tel.: +1 (555) 123-4567 | Fax: 9\n"
            "www.acme.example\ntom@acme.example\n-- ",
            ("Tom Okafor", "tom@acme.example", "+1 (555) 123-4567", "Sales Manager"),
        ),
        ("Jan de Vries; jan@x.test; 0612345678", ("Jan de Vries", "jan@x.test", "0612345678", "")),
    ),
)
def test_a_signature_is_one_human_with_number_and_position(
    text: str, expected: tuple[str, str, str, str]
) -> None:
    read = understand(text)
    assert (read.name, read.email, read.phone, read.position) == expected
    assert people_lines(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("Lena Fischer", []),
        ("Lena <l@x.test>\n\nBen <b@x.test>\n", ["Lena <l@x.test>", "Ben <b@x.test>"]),
        ("Lena Fischer\nBen Okafor", ["Lena Fischer", "Ben Okafor"]),
        ("l@x.test, b@x.test", ["l@x.test", "b@x.test"]),
        ("A B <a@x.test>; B, C <b@x.test>", ["A B <a@x.test>", "B, C <b@x.test>"]),
        ("Lena Fischer\nlena@acme.example", []),
    ),
)
def test_several_people_are_told_from_one_signature(text: str, expected: list[str]) -> None:
    assert people_lines(text) == expected


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(name=NAMES, email=ADDRESSES)
def test_what_a_mail_program_copies_is_read_back(name: str, email: str) -> None:
    read = understand(f"{name} <{email}>")
    assert (read.name, read.email) == (name, email)


@given(people=st.lists(st.tuples(NAMES, ADDRESSES), min_size=2, max_size=20))
def test_a_list_has_as_many_lines_as_people(people: list[tuple[str, str]]) -> None:
    lines = people_lines("\n".join(f"{name} <{email}>" for name, email in people))
    assert [understand(line).email for line in lines] == [email for _name, email in people]


@given(text=st.text(max_size=300))
def test_any_text_is_read_without_an_error_and_nothing_is_invented(text: str) -> None:
    read = understand(text)
    assert read.email in text
    assert read.phone in text
    people_lines(text)


@pytest.mark.parametrize("unit", ("1", "a.b", "a-", ".", "a@b c ;" + " " * 400))
def test_r_c90_a_hostile_paste_is_read_in_no_time(unit: str) -> None:
    """Longer texts are cut; a pattern tried from each character took a second for these."""
    begun = time.process_time()
    people_lines(unit * 20_000)
    understand(unit * 20_000)
    assert time.process_time() - begun < 0.2


@pytest.mark.parametrize(
    ("email", "domain"), (("Lena@ACME.example", "acme.example"), ("lena", ""), ("", ""))
)
def test_the_domain_stands_behind_the_at(email: str, domain: str) -> None:
    assert domain_of(email) == domain


def test_likeness_counts_shared_trigrams() -> None:
    assert similarity("Lena Fischer", "lena fischer") == 1.0
    assert similarity("Łukasz Nowak", "Lukasz Nowak") == 1.0
    assert similarity("Lena Fischer", "Lena Fisher") > similarity("Lena Fischer", "Lena Okafor")
    assert similarity("", "") == 0.0
