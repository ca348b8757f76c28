"""Cleaning, comparing and folding the texts that people type.

Three forms of one text: as stored (`clean_text`, `clean_name`), as compared (`name_key`) and as
searched (`search_fold`). Stored text stays what was typed: right-to-left letters, joiners and
emoji are left alone; only what no name contains is taken out or refused.

What nobody sees makes two names that look alike, or one that reads otherwise than it is stored
(Unicode TR36, bidirectional spoofing; TR39 and the nicknames of RFC 8266 allow none of it). Such
marks come along when text is copied: address books and Windows put directions around numbers and
names, web pages soft hyphens, files a byte order mark. Whoever pastes them can neither see nor
delete them, so they are taken out; what was read stays. The right-to-left override is refused: it
comes along with nothing, and without it the text would not be what was seen.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from portico.kit.errors import Refused

# What nobody sees and no script needs: marks, embeddings and isolates of directions, word joiner,
# invisible operators, outdated format characters, byte order mark; letters of tags but in a flag.
_UNSEEN = re.compile(
    "[\u061c\u200e\u200f\u202a-\u202d\u2060-\u206f\ufeff\ufff9-\ufffb]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+"
)
# Where a line may break; in one line they only make two names of what looks like one.
_BREAK_HINTS = re.compile("[\u00ad\u200b]")
# Joiners shape letters of other scripts, and make one of several emoji; among Latin ones nothing.
_LATIN = "[ -~\u00a0-\u024f]"
_IDLE_JOINERS = re.compile(f"(?:(?<={_LATIN})|\\A)[\u200c\u200d]+(?={_LATIN}|\\Z)")
_OVERRIDE = "\u202e"
# Cc without tab and line break, and halves of surrogate pairs, which no database can store.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_INVISIBLE_EDGES = "\u200b\u2060\ufeff"
_DIRECTION_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
# Characters without a glyph of their own: a name of nothing but these is blank.
_INVISIBLE = re.compile(
    "[\\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e0fff]+"
)
# Accents of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel marks. Marks of other
# scripts (Devanagari, Thai, Japanese) are letters to their readers and stay.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5"
    "\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\ufe20-\ufe2f]"
)
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i",
    "ħ": "h", "ŧ": "t", "ŋ": "n", "ƒ": "f", "ɖ": "d", "\u02bc": "'", "\u2019": "'", "\u2018": "'",
})  # fmt: skip


# A name and its key fit the columns that hold them; compatibility forms can be much longer.
_KEY_LENGTH = 254


def trim(text: str) -> str:
    """The text without outer white space of any script, zero-width space and byte order mark."""
    while text != (shorter := text.strip().strip(_INVISIBLE_EDGES)):
        text = shorter
    return text


def trim_copied(text: str) -> str:
    """`trim`, and without the outer direction marks that copying an address may bring along."""
    while text != (shorter := trim(text).strip(_DIRECTION_MARKS)):
        text = shorter
    return text


def clean_text(text: str, *, max_length: int, multiline: bool = False) -> str:
    """The text as it is stored: NFC, trimmed, without what nobody sees (see above).

    `multiline` keeps tabs and line breaks (as line feeds), and hints where a line may break;
    otherwise tabs and breaks are control characters like the others. Raises `Refused` with
    `control_characters` or `too_long` (code points).
    """
    cleaned = trim(text)
    if not cleaned.isascii():
        if _OVERRIDE in cleaned:
            raise _turned_round()
        cleaned = _seen(cleaned, multiline=multiline)
    if multiline:
        cleaned = _BREAKS.sub("\n", cleaned)
    if _has_controls(cleaned, multiline=multiline):
        raise Refused("control_characters", _("This text contains characters that can't be shown."))
    if len(cleaned) > max_length:
        raise _too_long(len(cleaned), limit=max_length)
    return cleaned


def _seen(text: str, *, multiline: bool) -> str:
    """The text in NFC, without what nobody sees."""
    if text.isprintable():
        return unicodedata.normalize("NFC", text)
    shown = _UNSEEN.sub("", text)
    if not multiline:
        shown = _BREAK_HINTS.sub("", shown)
    shown = trim(unicodedata.normalize("NFC", shown))
    while shown != (shorter := trim(_IDLE_JOINERS.sub("", shown))):
        shown = shorter
    return shown


def _turned_round() -> Refused:
    message = _(
        "This text contains a character that turns the letters after it round (U+202E). "
        "Type it anew instead of pasting it."
    )
    return Refused("control_characters", message)


def _too_long(length: int, *, limit: int) -> Refused:
    message = _("This text has %(length)s characters; at most %(limit)s are allowed.")
    return Refused("too_long", message % {"length": length, "limit": limit})


def _has_controls(text: str, *, multiline: bool) -> bool:
    if text.isprintable():
        return False
    if _CONTROLS.search(text):
        return True
    return not multiline and any(mark in text for mark in "\t\n\u2028\u2029")


def clean_name(text: str, *, minimum: int = 2, maximum: int = 200) -> str:
    """A name as it is stored (see `clean_text`), of `minimum` to `maximum` characters.

    Raises `Refused` with `blank` (nothing, or nothing visible), `too_short`, `too_long` or
    `control_characters`. The limits are those of an organization's name in the domain page.
    """
    cleaned = clean_text(text, max_length=maximum)
    visible = len(cleaned) if cleaned.isascii() else len(_INVISIBLE.sub(" ", cleaned).strip())
    if visible == 0:
        raise Refused("blank", _("Enter a name."))
    if visible < minimum:
        raise Refused(
            "too_short", _("Enter at least %(minimum)s characters.") % {"minimum": minimum}
        )
    if not cleaned.isascii() and len(name_key(cleaned)) > _KEY_LENGTH:
        raise _too_long(len(name_key(cleaned)), limit=_KEY_LENGTH)
    return cleaned


def name_key(text: str) -> str:
    """The form in which two names are compared: NFKC, casefolded, single spaces, trimmed."""
    if not text.isascii():
        folded = unicodedata.normalize("NFKC", text).casefold()
        text = unicodedata.normalize("NFKC", folded)
    return " ".join(text.casefold().split())


def search_fold(text: str) -> str:
    """The form that is searched: `name_key` without accents, so that "Lukasz" finds "Łukasz"."""
    if text.isascii():
        return " ".join(text.casefold().split())
    apart = unicodedata.normalize("NFKD", text).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", apart)).translate(_LETTERS)
    return " ".join(unicodedata.normalize("NFC", plain).split())
