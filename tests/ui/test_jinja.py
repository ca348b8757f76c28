"""The environment of our templates: what it asks of a mapping, and in which order."""

from typing import Any

import pytest

from portico.ui.jinja import environment


def written(template: str, **context: Any) -> str:
    return environment().from_string(template).render(**context)


def test_a_mapping_is_asked_for_its_key() -> None:
    assert written("{{ row.name }}{{ row.none }}", row={"name": "Acme"}) == "Acme"


@pytest.mark.parametrize("key", ["get", "items", "keys", "values"])
def test_a_key_that_somebody_named_like_a_method_hides_no_method(key: str) -> None:
    """Properties have keys of the workspace's own choice: one called "Get" is found by `get`."""
    template = '{{ row.get("name") }} {% for name, value in row.items() %}{{ name }};{% endfor %}'
    assert written(template, row={"name": "Acme", key: "x"}) == f"Acme name;{key};"
