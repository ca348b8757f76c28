"""The targets that people and machines rely on."""

import subprocess

from tools.findings import ROOT


def test_every_target_has_one_line_of_help() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    helped = {line.split()[0] for line in done.stdout.splitlines() if len(line.split()) > 1}

    assert helped == {
        *("bench", "dist", "docs", "drill", "help", "lint"),
        *("run", "setup", "test", "types", "worker"),
    }
