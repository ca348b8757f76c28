"""The pages of the documentation as HTML."""

import pytest

from portico.kit.markdown import html_of


def html(text: str) -> str:
    return html_of(text, address=lambda target: f"/docs/{target}" if target != "gone" else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    (
        ("# A b\n\nOne\nline.", '<h1 id="a-b">A b</h1>\n<p>One line.</p>'),
        ("## Of `name` & more", '<h2 id="of-name--more">Of <code>name</code> &amp; more</h2>'),
        ("- one\n  goes on\n- two", "<ul><li>one goes on</li><li>two</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("```\na < b\n\n# c\n```", '<pre tabindex="0"><code>a &lt; b\n\n# c</code></pre>'),
        ("**[x](y)** and *z*", '<p><strong><a class="p-link" href="/docs/y">x</a></strong>'
         " and <em>z</em></p>"),
        ("[x](gone) `[x](y)`", "<p>x <code>[x](y)</code></p>"),
        ("![A \"view\"](p.png)", '<p><img src="/docs/p.png" alt="A &quot;view&quot;"></p>'),
        ("<script>&", "<p>&lt;script&gt;&amp;</p>"),
    ),
)  # fmt: skip
def test_a_block_is_written_as_html_and_nothing_of_it_is_taken_for_html(
    text: str, expected: str
) -> None:
    assert html(text) == expected


def test_a_row_of_a_table_about_one_code_can_be_linked_to() -> None:
    table = html("| code | means |\n|---|---|\n| `stale` | a \\| b |\n| `a`, `b` | c |")
    assert table == (
        '<div class="p-prose-table" tabindex="0"><table><thead><tr><th scope="col">code</th>'
        '<th scope="col">means</th></tr></thead><tbody>'
        '<tr><td><code id="stale">stale</code></td><td>a | b</td></tr>'
        '<tr><td><code id="a">a</code>, <code id="b">b</code></td><td>c</td></tr>'
        "</tbody></table></div>"
    )
