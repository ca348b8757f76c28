"""What rows are sorted by where a column shows a text: without regard to case."""

from typing import Any

from django.db.models import CharField, Func


class SortKey(Func):
    """The beginning of a text in small letters.

    Its numbers stand in the SQL itself: an index is only recognised in a statement that says the
    same without parameters. A hundred letters keep every key within what an index page holds.
    """

    template = "SUBSTR(LOWER(%(expressions)s), 1, 100)"
    arity = 1

    def __init__(self, expression: Any) -> None:
        super().__init__(expression, output_field=CharField())
