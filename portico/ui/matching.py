"""Which part of a name a search has met, so that a page can underline it."""

from portico.kit.names import search_fold

Part = tuple[str, bool]
_INSIDE_FROM = 3


def matched_parts(label: str, text: str) -> list[Part]:
    """The label cut into parts, each with whether a word of the text stands there.

    Words are met as the search meets them: without case and accents, in the middle of a word from
    three letters on, else at its beginning. The parts joined are the label.
    """
    folded, origins = _folded(label)
    hit = [False] * len(label)
    for word in search_fold(text).split():
        start = folded.find(word)
        while start >= 0:
            if len(word) >= _INSIDE_FROM or start == 0 or folded[start - 1] == " ":
                for place in origins[start : start + len(word)]:
                    hit[place] = True
            start = folded.find(word, start + 1)
    return _runs(label, hit)


def _folded(label: str) -> tuple[str, list[int]]:
    """The label as it is searched, and for each of its characters the place it came from."""
    folded: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(label):
        for piece in search_fold(character) or (" " if character.isspace() else ""):
            folded.append(piece)
            origins.append(place)
    return "".join(folded), origins


def _runs(label: str, hit: list[bool]) -> list[Part]:
    parts: list[Part] = []
    for character, is_hit in zip(label, hit, strict=True):
        if parts and parts[-1][1] == is_hit:
            parts[-1] = (parts[-1][0] + character, is_hit)
        else:
            parts.append((character, is_hit))
    return parts
