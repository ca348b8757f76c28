"""What a check finds, and how it is reported."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is not as the house wants it, and where."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def kept_files(root: Path) -> list[Path]:
    """The files of the checkout at `root` that are or would be committed, relative to it."""
    # A checkout that belongs to another user (as in many containers) may be listed all the same.
    git = ["git", "-c", f"safe.directory={root}"]
    listed = subprocess.run(
        [*git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    names = (name for name in listed.stdout.split("\0") if name)
    return sorted(Path(name) for name in names if (root / name).is_file())


def report(findings: Iterable[Finding], *, nothing: str) -> int:
    """Print the findings, or the sentence `nothing`; return the exit status."""
    found = sorted(findings)
    for finding in found:
        print(finding)
    if not found:
        print(nothing)
    return 1 if found else 0
