"""The check of the documentation's links: they all lead somewhere, and a wrong one is found."""

from pathlib import Path

from tools.check_docs import check_documentation, check_links
from tools.findings import ROOT, Finding


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    assert list(map(str, check_documentation(ROOT))) == []


def test_a_link_to_a_missing_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("")
    text = "[a](there.md#part) [b](https://example.com/x)\n[c](missing.md)\n"
    (tmp_path / "page.md").write_text(text)

    assert list(check_links(tmp_path, Path("page.md"))) == [
        Finding("page.md", 2, "the link leads nowhere: missing.md")
    ]
