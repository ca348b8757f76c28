"""Builds the wheel, installs it into an empty environment and starts it in an empty folder.

Proves that whoever installs Portico needs neither Node nor a checkout nor any variable: the pages
of the first run come with their styles. Run by `make test`.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from tools.findings import ROOT

START_SECONDS = 60
STOP_SECONDS = 20
STYLESHEET = re.compile(r"<link\b[^>]*\bhref=\"([^\"]+\.css)\"")


class WheelError(Exception):
    """The wheel cannot be built, lacks something, or does not start."""


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout into `folder` and return its path."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    _run([*command, "--outdir", str(folder), str(ROOT)])
    return next(folder.glob("*.whl"))


def check_contents(wheel: Path) -> None:
    """The wheel holds the built assets and the compiled catalogs, and no source of theirs."""
    names = zipfile.ZipFile(wheel).namelist()
    wanted = {
        "list of static files": r"portico/static_root/staticfiles\.json",
        "built styles": r"portico/static_root/ui/portico\.[0-9a-f]+\.css",
        "built behaviours": r"portico/static_root/ui/portico\.[0-9a-f]+\.js",
        "compiled catalogs": r"portico/locale/.*/django\.mo",
        "templates": r"portico/ui/templates/.*\.html",
        "licence": r".*\.dist-info/licenses/LICENSE",
    }
    for what, pattern in wanted.items():
        if not any(re.fullmatch(pattern, name) for name in names):
            raise WheelError(f"the wheel holds no {what}")
    strangers = [name for name in names if re.match(r"(tests|tools|node_modules|var)/", name)]
    if strangers:
        raise WheelError(f"the wheel holds {strangers[0]}")


def install(wheel: Path, environment: Path) -> None:
    """Create `environment` and install the locked requirements and the wheel into it."""
    _run([sys.executable, "-m", "venv", str(environment)])
    pip = [str(environment / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    _run([*pip, "install", "--require-hashes", "--requirement", str(ROOT / "requirements.txt")])
    _run([*pip, "install", "--no-deps", str(wheel)])
    _run([*pip, "check"])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise WheelError(f"{done.stdout}{done.stderr}")


@dataclass(frozen=True)
class Server:
    """A server that was started: its address, its process, and the file that it prints to."""

    address: str
    process: subprocess.Popen[bytes]
    printed: Path

    def is_over(self) -> bool:
        """Whether the server has ended by itself."""
        return self.process.poll() is not None


@contextmanager
def started(environment: Path, folder: Path) -> Iterator[Server]:
    """Serve from `folder` without any setting; stopped at the end."""
    port = _free_port()
    printed = folder.parent / "printed.txt"
    with printed.open("w") as output:
        process = subprocess.Popen(
            [str(environment / "bin/portico"), "serve", "--port", str(port)],
            cwd=folder,
            env={"HOME": str(folder), "LANG": "C.UTF-8", "PATH": os.defpath},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Server(f"http://127.0.0.1:{port}", process, printed)
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server as a service manager would; what it left running is ended, too."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        raise WheelError(f"the server did not stop within {STOP_SECONDS} s") from None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def check_first_run(server: Server) -> None:
    """The server answers, prints a first-run link, and that page comes with its style."""
    health = f"{server.address}/healthz"
    _wait_for("an answer", lambda: _is_answering(health), server=server)
    pattern = re.compile(re.escape(server.address) + r"/setup/\S*")
    _wait_for("a first-run link", lambda: pattern.search(server.printed.read_text()), server=server)
    link = pattern.findall(server.printed.read_text())[0]
    sheet = STYLESHEET.search(_fetch(link).decode())
    if sheet is None:
        raise WheelError("the first-run page names no style sheet")
    _fetch(urljoin(link, sheet.group(1)))


def _wait_for(what: str, condition: Callable[[], object], *, server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if server.is_over():
            raise WheelError(f"the server ended by itself with status {server.process.returncode}")
        if time.monotonic() > deadline:
            raise WheelError(f"the server gave no sign of {what} in {START_SECONDS} s")
        time.sleep(0.2)


def _is_answering(url: str) -> bool:
    try:
        _fetch(url)
    except urllib.error.HTTPError:
        raise
    except OSError:
        return False
    return True


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
        body: bytes = answer.read()
    return body


def check_wheel(folder: Path) -> None:
    """Build, install and start the wheel below `folder`.

    Raises:
        WheelError: the wheel lacks something or does not start.
        OSError: the server does not answer.
    """
    wheel = build_wheel(folder / "dist")
    check_contents(wheel)
    install(wheel, folder / "environment")
    empty = folder / "empty"
    empty.mkdir()
    with started(folder / "environment", empty) as server:
        try:
            check_first_run(server)
        except (WheelError, OSError):
            print(server.printed.read_text())
            raise


def main() -> int:
    """Check the wheel in a folder of its own; return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            check_wheel(Path(folder))
        except (WheelError, OSError) as error:
            print(f"wheel: {error}")
            return 1
    print("The wheel installs into an empty environment and starts in an empty folder.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
