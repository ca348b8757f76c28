"""`portico serve`: everything that one machine needs, in one command.

Checks and migrates the database, then runs two children: the web processes and a worker. A worker
that died is started again; when the web processes end, so does `serve`. The children are forked
once everything is loaded, so that it is in memory once.
"""

import argparse
import ctypes
import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from multiprocessing.process import BaseProcess
from types import FrameType

from portico.config.env import Environment, load_environment

HELP = "Serve on one address, with a worker"
EXAMPLE = "portico serve --host 127.0.0.1 --port 8000"

GRACE_SECONDS = 30.0
LOOK_EVERY_SECONDS = 0.2
WEB, WORKER = b"portico-web", b"portico-worker"
RESTART_AFTER_SECONDS = 1.0
_EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to
_SET_PARENT_DEATH_SIGNAL, _SET_NAME = 1, 15
_MOST_HEAPS = -8  # M_ARENA_MAX of malloc.h
_ENDING = {signal.SIGTERM, signal.SIGINT}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=_port, default=8000, help="port to listen on")
    parser.add_argument(
        "--workers", type=_count, default=os.cpu_count() or 1, help="web processes (default: cores)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or Ctrl-C; both children then end within 30 s."""
    _refuse_taken_port(arguments.host, arguments.port)
    _keep_one_heap()
    _remember_base_url(load_environment(), host=arguments.host, port=arguments.port)
    _prepare()
    return _Children(arguments).run()


def _keep_one_heap() -> None:
    """Without it glibc gives each thread a heap: 40 MiB more, for threads that run in turns."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MOST_HEAPS, 1)


def _port(text: str) -> int:
    number = int(text)
    if not 0 < number < 65536:
        raise argparse.ArgumentTypeError("a port lies between 1 and 65535")
    return number


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one is needed")
    return number


def _refuse_taken_port(host: str, port: int) -> None:
    from portico.kit.errors import Refused  # noqa: PLC0415 - before settings are loaded

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            detail = f"Nothing can listen on {host}:{port}: {error.strerror or error}."
            raise Refused("port_taken", detail) from error


def _remember_base_url(environment: Environment, *, host: str, port: int) -> None:
    """Without PORTICO_BASE_URL: links of worker and commands lead to where we serve."""
    if environment.base_url:
        return
    shown = "127.0.0.1" if host in _EVERYWHERE else f"[{host}]" if ":" in host else host
    environment.data_dir.mkdir(parents=True, exist_ok=True)
    fresh = environment.data_dir / f"base_url.{os.getpid()}"
    fresh.write_text(f"http://{shown}:{port}\n")
    fresh.replace(environment.base_url_file)


def _prepare() -> None:
    """Check and migrate; print the first-run link while there is no workspace."""
    from portico.config.commands import set_up_django  # noqa: PLC0415

    set_up_django()
    from django.conf import settings  # noqa: PLC0415 - needs settings, which were prepared above
    from django.core.checks import Tags, run_checks  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from portico.config.schema import migrate_schema  # noqa: PLC0415
    from portico.kit.errors import Refused  # noqa: PLC0415
    from portico.setup.links import first_run_link  # noqa: PLC0415

    errors = [
        found
        for found in run_checks(tags=[Tags.database], databases=["default"])
        if found.is_serious()
    ]
    if errors:
        raise Refused("checks_failed", " ".join(str(error.msg) for error in errors))
    migrate_schema()
    print(f"Portico serves on {settings.PORTICO_BASE_URL}")
    link = first_run_link()
    if link:
        print(f"Set it up here, once: {link}")
    sys.stdout.flush()
    connections.close_all()
    import_module("portico.config.wsgi")


class _Children:
    """The web processes and the worker, started, watched and ended together."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        from portico.config.commands import worker  # noqa: PLC0415 - needs settings
        from portico.config.web import serve_web  # noqa: PLC0415

        self.serve_web = partial(
            serve_web, arguments.host, arguments.port, workers=arguments.workers
        )
        self.work = partial(worker.run, argparse.Namespace(once=False))
        self.is_stopping = False

    def run(self) -> int:
        """Watch until told to stop; status 1 when the web processes ended by themselves."""
        for number in _ENDING:
            signal.signal(number, self._stop)
        web = _start(WEB, self.serve_web)
        worker = _start(WORKER, self.work)
        while not self.is_stopping and web.is_alive():
            if not worker.is_alive():
                print("portico: the worker ended; starting another", file=sys.stderr)
                time.sleep(RESTART_AFTER_SECONDS)
                worker = _start(WORKER, self.work)
            time.sleep(LOOK_EVERY_SECONDS)
        _end([web, worker])
        return 0 if self.is_stopping else 1

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True


def _start(name: bytes, work: Callable[[], object]) -> BaseProcess:
    """Fork a child that does this work; nobody can end it before it listens to its own signals."""
    child = multiprocessing.get_context("fork").Process(target=_do, args=(name, work))
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    return child


def _do(name: bytes, work: Callable[[], object]) -> None:
    """What a child does: it must not stop `serve` by the handlers that it inherits."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    _tell_linux(name)
    work()


def _tell_linux(name: bytes) -> None:
    """The name in lists of processes; and when `serve` is killed outright, SIGTERM for the child.

    Otherwise it would keep the port.
    """
    with suppress(OSError, AttributeError):
        control = ctypes.CDLL(None).prctl
        control(_SET_NAME, name)
        control(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _end(children: list[BaseProcess]) -> None:
    """Ask them to end, wait, and end what did not listen."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        child.join(max(deadline - time.monotonic(), 0.1))
        if child.is_alive():
            child.kill()
            child.join()
