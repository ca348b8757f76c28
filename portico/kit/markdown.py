"""The documentation as HTML: headings, paragraphs, lists, tables, code, links and pictures.

Only what the pages of `docs/` use; everything else stays as it is written, and nothing of it is
taken for HTML.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

FENCE = "```"
_HEADING = re.compile(r"(#{1,4}) (.+)")
_ITEM = re.compile(r"(?:-|\d+\.) +(.*)")
_RULE = re.compile(r"\|[ :|-]+\|")
_CELL_END = re.compile(r"(?<!\\)\|")
_ONLY_CODES = re.compile(r"`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*")
_CODE = re.compile(r"<code>([a-z0-9_]+)</code>")
_ID = re.compile(r' id="([^"]*)"')
_INLINE = re.compile(
    r"`(?P<code>[^`]+)`|(?P<picture>!)?\[(?P<text>[^\]]*)\]\((?P<target>[^)]*)\)"
    r"|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s][^*]*)\*"
)

Address = Callable[[str], str]
"""Makes the address of what a page links to; an empty one leaves the text alone."""


def html_of(text: str, *, address: Address) -> str:
    """The page as HTML; a name to link to is given once."""
    seen: set[str] = set()

    def once(found: re.Match[str]) -> str:
        is_new = found[1] not in seen
        seen.add(found[1])
        return found[0] if is_new else ""

    return _ID.sub(once, "\n".join(_blocks(text.splitlines(), address)))


def _blocks(lines: Sequence[str], address: Address) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place]
        if not line.strip():
            place += 1
            continue
        end = _end_of(lines, place)
        yield _block(lines[place:end], address)
        place = end + int(line.startswith(FENCE))


def _end_of(lines: Sequence[str], start: int) -> int:
    """Where the block that begins here ends: code at its fence, others before an empty line."""
    is_code = lines[start].startswith(FENCE)
    for place in range(start + 1, len(lines)):
        line = lines[place]
        if line.startswith(FENCE) or (not is_code and (not line.strip() or _HEADING.match(line))):
            return place
        if not is_code and _HEADING.match(lines[start]):
            return place
    return len(lines)


def _block(lines: Sequence[str], address: Address) -> str:
    first = lines[0]
    if first.startswith(FENCE):
        code = escape("\n".join(lines[1:]))
        return f'<pre tabindex="0"><code>{code}</code></pre>'
    if heading := _HEADING.match(first):
        level = len(heading[1])
        return f'<h{level} id="{_anchor_of(heading[2])}">{_inline(heading[2], address)}</h{level}>'
    if first.startswith("|") and len(lines) > 1 and _RULE.fullmatch(lines[1].strip()):
        return _table(lines, address)
    if _ITEM.match(first):
        return _list(lines, address)
    return f"<p>{_inline(' '.join(line.strip() for line in lines), address)}</p>"


def _list(lines: Sequence[str], address: Address) -> str:
    items: list[str] = []
    for line in lines:
        if item := _ITEM.match(line):
            items.append(item[1])
        else:
            items[-1] += f" {line.strip()}"
    kind = "ul" if lines[0].startswith("-") else "ol"
    return f"<{kind}>{''.join(f'<li>{_inline(item, address)}</li>' for item in items)}</{kind}>"


def _table(lines: Sequence[str], address: Address) -> str:
    head, *rows = [_cells(line) for line in lines if not _RULE.fullmatch(line.strip())]
    heads = "".join(f'<th scope="col">{_inline(cell, address)}</th>' for cell in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(cell, address)}</td>' for cell in row)}</tr>" for row in rows
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="p-prose-table" tabindex="0">{table}</div>'


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(line.strip())[1:-1]]


def _cell(text: str, address: Address) -> str:
    """A cell; codes that stand alone can be linked to, as the `type` of a problem does."""
    shown = _inline(text, address)
    return _CODE.sub(r'<code id="\1">\1</code>', shown) if _ONLY_CODES.fullmatch(text) else shown


def _anchor_of(heading: str) -> str:
    """The name under which a heading is linked to, as code hosts make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return escape(kept.replace(" ", "-"))


def _inline(text: str, address: Address) -> str:
    parts, place = [], 0
    for found in _INLINE.finditer(text):
        parts.append(escape(text[place : found.start()]))
        parts.append(_mark(found, address))
        place = found.end()
    return "".join([*parts, escape(text[place:])])


def _mark(found: re.Match[str], address: Address) -> str:
    if found["code"] is not None:
        return f"<code>{escape(found['code'])}</code>"
    for name in ("strong", "em"):
        if found[name] is not None:
            return f"<{name}>{_inline(found[name], address)}</{name}>"
    target = address(found["target"])
    if found["picture"]:
        return f'<img src="{escape(target)}" alt="{escape(found["text"])}">' if target else ""
    text = _inline(found["text"], address)
    return f'<a class="p-link" href="{escape(target)}">{text}</a>' if target else text
