"""Reading answered pages as their reader does: texts, rows, fields, marked errors."""

import html
import re
from typing import Any


def text_of(answer: Any) -> str:
    """The page with its entities resolved."""
    return html.unescape(answer.content.decode())


def row_names(answer: Any) -> list[str]:
    """The names of the rows of a table, in order."""
    found = re.findall(r'class="p-name-link[^>]*title="([^"]*)"', answer.content.decode())
    return [html.unescape(name) for name in found]


def fields_of(answer: Any) -> dict[str, str]:
    """What the browser would send back from the page's form, untouched."""
    page = answer.content.decode()
    form = page[page.index('<form class="p-form"') :]
    sent = {}
    for tag in re.findall(r"<input\b[^>]*>", form[: form.index("</form>")]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in attributes:
            sent[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return sent


def marked_fields(answer: Any) -> set[str]:
    """The names of the fields that carry an error."""
    return set(re.findall(r'id="id_(\w+)-error"', answer.content.decode()))
