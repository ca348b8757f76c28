"""`portico worker`: works off what acts left to it; `serve` runs one beside the web processes."""

import argparse
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connections
from django.db.models import Model
from django.utils import timezone

from portico.config.collector import spare_what_is_loaded
from portico.config.heartbeat import beat
from portico.files.tasks import sweep_files
from portico.history.models import FollowUp
from portico.history.tasks import follow_up
from portico.kit.tenancy.scope import open_scope
from portico.kit.tenancy.unscoped import unscoped
from portico.notifications.choices import MailState
from portico.notifications.models import OutgoingMail
from portico.notifications.tasks.delivery import deliver_mails
from portico.notifications.tasks.sweeping import sweep
from portico.operations.choices import UNFINISHED
from portico.operations.models import Operation
from portico.operations.tasks import (
    let_go_of_ended,
    sweep_operations,
    work_off_slice,
    workspaces_held,
)
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace

HELP = "Run one worker: mails, imports and other long work"
EXAMPLE = "portico worker"

IDLE_SECONDS = 0.5
PAUSE_AFTER_FAULT_SECONDS = 2.0
SWEEP_EVERY_SECONDS = 3600.0

logger = logging.getLogger("portico.worker")
Job = Callable[[], object]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--once", action="store_true", help="work off what is due now, then end")


def run(arguments: argparse.Namespace) -> int:
    """Work until SIGTERM; a slice that has begun is finished first."""
    if arguments.once:
        while work_everywhere() + mail_everywhere():
            pass
        return 0
    spare_what_is_loaded()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Mails have a thread of their own: a mail server that is slow holds up nothing else.
    mailing = threading.Thread(target=_repeat, args=(mail_everywhere, stop), name="mails")
    mailing.start()
    logger.info("worker started")
    _repeat(_WorkAndSweep(), stop)
    mailing.join()
    logger.info("worker stopped")
    return 0


def _repeat(work: Callable[[], int], stop: threading.Event) -> None:
    """Do the work again and again until told to stop; a fault is logged and never ends it."""
    while not stop.is_set():
        close_old_connections()
        try:
            worked = work()
            pause = 0.0 if worked else IDLE_SECONDS
        except Exception:
            logger.exception("the worker met a fault and goes on")
            pause = PAUSE_AFTER_FAULT_SECONDS
        stop.wait(pause)
    connections.close_all()


class _WorkAndSweep:
    """The main round: a sign of life, what is due, and once an hour the sweep."""

    def __init__(self) -> None:
        self.swept_at = time.monotonic() - SWEEP_EVERY_SECONDS

    def __call__(self) -> int:
        beat()
        if time.monotonic() - self.swept_at >= SWEEP_EVERY_SECONDS:
            self.swept_at = time.monotonic()
            for task in (sweep, sweep_files, sweep_operations):
                _in_each(Workspace.objects.values_list("pk", flat=True), task)
        return work_everywhere()


def work_everywhere() -> int:
    """Follow up events and take one slice of long work, in each workspace where any is due."""
    now = timezone.now()
    followed = _workspaces_with(FollowUp, next_attempt_at__lte=now)
    operated = _workspaces_with(Operation, state__in=UNFINISHED)
    worked = _in_each(followed, follow_up) + _in_each(operated, work_off_slice)
    return worked + _in_each(workspaces_held(), let_go_of_ended)


def mail_everywhere() -> int:
    """Deliver mails, in each workspace where any waits."""
    return _in_each(_workspaces_with(OutgoingMail, state=MailState.WAITING), deliver_mails)


def _workspaces_with(model: type[Model], **due: Any) -> Iterable[UUID]:
    rows = unscoped(model).filter(**due).order_by()
    keys: Iterable[UUID] = rows.values_list("workspace_id", flat=True).distinct()
    return keys


def _in_each(workspace_ids: Iterable[UUID], task: Callable[[], int]) -> int:
    """Run the task in each workspace; a fault in one is logged and spares the others."""
    worked = 0
    for workspace in Workspace.objects.filter(pk__in=list(workspace_ids)):
        with open_scope(scope_of(workspace)):
            try:
                worked += int(task())
            except Exception:
                logger.exception("%s failed in %s", task.__name__, workspace.slug)
    return worked
