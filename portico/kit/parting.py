"""Several values in one text, parted by commas, which a value may hold itself."""

from collections.abc import Collection, Sequence

from portico.kit.names import name_key


def parted(text: str, known: Collection[str]) -> list[str]:
    """The values of a list, parted by commas; one of those known that has commas is one value."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    whole = {_pieces(value): value for value in known if "," in value}
    values: list[str] = []
    while parts:
        keys = tuple(map(name_key, parts))
        sizes = [len(pieces) for pieces in whole if keys[: len(pieces)] == pieces]
        size = max(sizes, default=1)
        values.append(whole.get(keys[:size], parts[0]))
        del parts[:size]
    return values


def listed(values: Sequence[str]) -> str:
    """The values as a reader is told them; semicolons part those of which one holds a comma."""
    return ("; " if any("," in value for value in values) else ", ").join(values)


def _pieces(value: str) -> tuple[str, ...]:
    return tuple(name_key(piece) for piece in value.split(",") if piece.strip())
