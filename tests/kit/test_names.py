import contextlib
import csv
import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.kit.errors import Refused
from portico.kit.names import clean_name, clean_text, name_key, search_fold

ReadShared = Callable[[str], bytes]


def code_of(clean: Callable[..., str], text: str, **limits: int) -> str:
    with pytest.raises(Refused) as refusal:
        clean(text, **limits)
    return refusal.value.code


def test_text_is_trimmed_and_composed() -> None:
    assert clean_text("\u3000 Jose\u0301\u200b\n", max_length=10) == "José"


def test_right_to_left_text_joiners_and_emoji_stay() -> None:
    for text in ("שלום עולם", "می\u200cخواهم", "👩‍👩‍👧 Family", "محمد"):
        assert clean_text(text, max_length=50) == text


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("\u202a+49 221 1\u202c", "+49 221 1"),  # as Windows and address books copy numbers
        ("\u202d+49 221 1\u202c", "+49 221 1"),
        ("\u2068Maria\u2069 \u2067M\u2069", "Maria M"),
        ("\u200eAcme\u200f Wi\u061cndows", "Acme Windows"),
        ("\ufeffAc\u00adme\ufeff Win\u200bdo\u2060ws", "Acme Windows"),
        ("A\u2062c\u2064m\u206ae\ufff9", "Acme"),
        ("Acme\U000e0041\U000e0042\U000e0001", "Acme"),
        ("Ac\u200dme\u200c Jos\u200dé", "Acme José"),
        ("a\u200d\u202ab e\u202a\u0301", "ab é"),
        ("\u202a\u3000\u200dAcme", "Acme"),
    ],
)
def test_what_nobody_sees_is_left_out(text: str, stored: str) -> None:
    assert clean_text(text, max_length=50) == stored
    assert clean_name(text) == stored
    assert (
        clean_text(text, max_length=50, multiline=True).replace("\u00ad", "").replace("\u200b", "")
        == stored
    )


def test_hints_where_a_line_may_break_stay_in_texts_of_several_lines() -> None:
    for text in ("Donau\u00addampf\nSchiff", "ភាសា\u200bខ្មែរ"):
        assert clean_text(text, max_length=50, multiline=True) == text


def test_marks_that_a_script_or_an_emoji_needs_stay() -> None:
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    for text in (
        "می\u200cخواهم PDF\u200cها",
        "क्\u200dष श्री\u200dमान",
        "👩\u200d👩\u200d👧 ❤\ufe0f",
        england,
        "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",
    ):
        assert clean_text(text, max_length=50) == text


def test_what_turns_the_letters_round_is_refused_and_named() -> None:
    for several_lines in (False, True):
        with pytest.raises(Refused) as refusal:
            clean_text("evil\u202egpj.exe", max_length=50, multiline=several_lines)
        assert refusal.value.code == "control_characters"
        assert refusal.value.detail == (
            "This text contains a character that turns the letters after it round (U+202E). "
            "Type it anew instead of pasting it."
        )


def test_control_characters_are_refused() -> None:
    for text in ("a\0b", "a\x1bb", "a\x85b", "a\nb", "a\tb", "a\u2028b", "a\ud800b", "a\x9fb"):
        assert code_of(clean_text, text, max_length=9) == "control_characters"


def test_text_of_several_lines_keeps_breaks_and_tabs() -> None:
    assert clean_text("a\r\nb\rc\td\u2028e", max_length=20, multiline=True) == "a\nb\nc\td\ne"


def test_too_long_text_is_refused_after_trimming() -> None:
    assert clean_text("  abc  ", max_length=3) == "abc"
    assert code_of(clean_text, "abcd", max_length=3) == "too_long"


def test_a_name_needs_something_visible() -> None:
    for text in (
        "",
        "  ",
        "\u200b",
        "\u3164\u3164",
        "\u200d\u200c",
        "\u2060\ufeff",
        "\u00ad\u00ad",
    ):
        assert code_of(clean_name, text) == "blank"


def test_a_name_has_a_least_and_a_greatest_length() -> None:
    assert code_of(clean_name, "A") == "too_short"
    assert clean_name("李", minimum=1) == "李"
    assert len(clean_name("n" * 200)) == 200
    assert code_of(clean_name, "n" * 201) == "too_long"
    assert code_of(clean_name, "\ufdfa" * 200) == "too_long"


def test_every_common_name_of_the_world_is_accepted_as_it_is(shared_data: ReadShared) -> None:
    for path in ("names/common-forenames-by-country.csv", "names/common-surnames-by-country.csv"):
        text = shared_data(path).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            if name := row["Localized Name"].strip():
                assert name_key(clean_name(name, minimum=1)) == name_key(name)


def test_every_naughty_string_is_cleaned_or_refused(shared_data: ReadShared) -> None:
    for text in json.loads(shared_data("hostile/blns.json")):
        with contextlib.suppress(Refused):
            cleaned = clean_text(text, max_length=300)
            assert clean_text(cleaned, max_length=300) == cleaned


def test_names_are_compared_without_case_width_and_spaces() -> None:
    assert name_key("  ACME\u00a0 Straße ") == name_key("Ａｃｍｅ strasse") == "acme strasse"


def test_search_finds_names_without_their_accents() -> None:
    assert search_fold("Łukasz ØRSTED Đặng") == "lukasz orsted dang"
    assert search_fold("İstanbul ISPARTA") == "istanbul isparta"
    assert search_fold("Γιώργος") == "γιωργοσ"


def test_search_keeps_the_letters_of_scripts_whose_marks_are_letters() -> None:
    assert search_fold("हिन्दी") == "हिन्दी"
    assert search_fold("ガラス") == "ガラス"
    assert search_fold("한국") == "한국"


@given(st.text())
def test_keys_and_folds_are_stable(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)
    assert search_fold(search_fold(text)) == search_fold(text)


_UNSEEN_AND_SEEN = st.sampled_from(
    "ab é\u0301\u3000ب🏴\U000e0067\u202a\u2069\u200b\u200c\u200d\u00ad\ufeff\n"
)


@given(
    text=st.one_of(st.text(), st.text(_UNSEEN_AND_SEEN, max_size=12)), several_lines=st.booleans()
)
def test_cleaning_twice_changes_nothing(*, text: str, several_lines: bool) -> None:
    try:
        cleaned = clean_text(text, max_length=500, multiline=several_lines)
    except Refused:
        return
    assert clean_text(cleaned, max_length=1000, multiline=several_lines) == cleaned
