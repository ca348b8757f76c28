"""The order of a search: those whose name begins with the text come first.

It is also the order in which a common word is found at once: of a million people 50,000 are called
Anna, behind as many Adams who do not even hold the word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, IntegerField, Q, Value, When

from portico.kit.names import name_key
from portico.kit.orders import Order, Run, SortColumn
from portico.kit.prepared import Prepared, Slot

MATCH = "match"
_RANK = "match_rank"
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True)
class Beginning:
    """The stretch of names from `start` to before `end`: all that begin with one text."""

    start: str
    end: str

    @classmethod
    def of(cls, text: str) -> "Beginning | None":
        """The stretch of this text; None where no name can begin with it."""
        start = name_key(text)
        kept = start.rstrip(chr(_LAST))
        return cls(start, kept[:-1] + _next(kept[-1])) if kept else None

    @property
    def order(self) -> Order:
        """Those of the stretch first, then the others, each by name."""
        return Order(
            MATCH,
            (SortColumn(_RANK, is_computed=True), SortColumn("name_key")),
            runs=(Run(0, self.start, self.end), Run(1, None, self.start), Run(1, self.end, None)),
            valued=self.ranked,
        )

    def ranked(self, rows: Any) -> Any:
        """The rows with what the order sorts by first."""
        within = When(name_key__gte=self.start, name_key__lt=self.end, then=Value(0))
        rank = Case(within, default=Value(1), output_field=IntegerField())
        return rows.annotate(**{_RANK: rank})

    def parts(self, rows: Any) -> list[Any]:
        """The rows of the stretch, and the others: counted in turn they are soon enough."""
        within = Q(name_key__gte=self.start, name_key__lt=self.end)
        return [rows.filter(within).order_by("name_key", "pk"), rows.exclude(within).order_by()]


def counted_beginnings(build: Callable[[], Any], limit: int) -> Prepared[Any]:
    """Counts how many of the rows begin with what is asked for, no further than the limit."""
    return Prepared(
        lambda: (
            build()
            .filter(name_key__gte=Slot("start", CharField()), name_key__lt=Slot("end", CharField()))
            .order_by("name_key", "pk")
            .values_list("pk")[:limit]
        )
    )


def _next(letter: str) -> str:
    following = ord(letter) + 1
    return chr(_SURROGATES.stop if following in _SURROGATES else following)
