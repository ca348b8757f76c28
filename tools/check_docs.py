"""Checks that every link of the documentation to a file of the checkout leads somewhere."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tools.findings import ROOT, Finding, kept_files, report

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|<img[^>]*\ssrc=\"([^\"]+)\"")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#|//", re.IGNORECASE)


def check_links(root: Path, file: Path) -> Iterator[Finding]:
    """The links of one Markdown file whose target is missing."""
    for number, line in enumerate((root / file).read_text().splitlines(), start=1):
        for target in (written or image for written, image in LINK.findall(line)):
            path = unquote(target.split("#")[0].split("?")[0])
            if not ELSEWHERE.match(target) and not (root / file.parent / path).exists():
                yield Finding(str(file), number, f"the link leads nowhere: {target}")


def check_documentation(root: Path) -> Iterator[Finding]:
    """The links of all Markdown files whose target is missing."""
    for file in kept_files(root):
        if file.suffix == ".md":
            yield from check_links(root, file)


if __name__ == "__main__":
    sys.exit(report(check_documentation(ROOT), nothing="Every link leads somewhere."))
