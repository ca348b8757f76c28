"""Cells of a table as they are read."""

from django.template import engines

SOURCE = '{% from "ui/components/table.html" import number_cell %}{{ number_cell(value) }}'


def shown(value: object) -> str:
    made: str = engines["jinja2"].from_string(SOURCE).render({"value": value})
    return made.partition(">")[2].removesuffix("</td>")


def test_numbers_have_thousands_separators_and_none_is_a_dash() -> None:
    assert [shown(value) for value in (7, 12345, "12 of 50")] == ["7", "12,345", "12 of 50"]
    assert "–" in shown(0)
