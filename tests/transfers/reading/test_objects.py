"""Our own JSON exports, read as a table."""

import pytest

from portico.transfers.reading.objects import open_objects


def cells_of(content: str) -> list[dict[str, str]]:
    table = open_objects(content.encode())
    return [dict(zip(table.header, cells, strict=True)) for _number, cells in table.records()]


@pytest.mark.parametrize("depth", [2, 400, 900])
def test_lists_in_lists_are_no_text_however_deep_they_are(depth: int) -> None:
    nested = "[" * depth + '"x"' + "]" * depth
    [cells] = cells_of(f'[{{"object":"person","name":"Lena","position":{nested}}}]')
    assert (cells["name"], cells["position"]) == ("Lena", "")


def test_a_list_of_texts_is_one_cell() -> None:
    [cells] = cells_of('[{"object":"person","name":"Lena","tags":["eu",null,"key account"]}]')
    assert cells["tags"] == "eu; key account"
