"""`portico doctor`: looks for what is wrong, and says it plainly."""

import argparse
import datetime
import json
import shutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection
from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from portico.clients.models import KEPT_VALUES, Membership, Organization
from portico.config.backups.making import last_backup
from portico.config.heartbeat import is_worker_alive
from portico.config.schema import unapplied, unknown_migrations
from portico.history.models import FollowUp
from portico.kit.json_values import count_wrong, missing_triggers, rebuild_values
from portico.kit.tenancy.scope import open_scope
from portico.notifications.models import OutgoingMail
from portico.notifications.reports import mail_server
from portico.notifications.tasks.messages import connection_to
from portico.operations.choices import OperationState
from portico.operations.models import Operation
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace

HELP = "Look for what is wrong; status 1 when something is"
EXAMPLE = "portico doctor"
LEAST_FREE_BYTES = 200 * 1024 * 1024
RECENTLY = datetime.timedelta(days=7)
TOO_OFTEN = 3
_REBUILD = "`portico doctor --rebuild-values` writes them anew"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is wrong."""

    check: str
    text: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print a list of findings")
    parser.add_argument(
        "--rebuild-values",
        action="store_true",
        help="first write the index of custom property values anew",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run every check; one that can't run is a finding itself."""
    if arguments.rebuild_values:
        for values in KEPT_VALUES:
            rebuild_values(connection, values)
    findings = [finding for name, check in CHECKS.items() for finding in _run(name, check)]
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
        return 1 if findings else 0
    broken = {finding.check for finding in findings}
    for name in CHECKS:
        if name not in broken:
            print(f"ok      {name}")
    print(f"note    {backup_note()}")
    for finding in findings:
        print(f"WRONG   {finding.check}: {finding.text}")
    return 1 if findings else 0


def backup_note() -> str:
    """How old the last backup is."""
    made = last_backup()
    if made is None:
        return "no backup was made yet; `portico backup FILE` makes one"
    hours = max(int((timezone.now() - made.at).total_seconds() // 3600), 0)
    age = f"{hours // 24} days" if hours >= 48 else f"{hours} hours"
    return f"the last backup is {age} old: {made.path}"


def _run(name: str, check: Callable[[], Iterator[str]]) -> list[Finding]:
    try:
        return [Finding(check=name, text=text) for text in check()]
    except (DatabaseError, OSError) as error:
        return [Finding(check=name, text=f"could not be checked: {error}")]


def check_database() -> Iterator[str]:
    """It answers, keeps what it acknowledged, and is not damaged."""
    for error in run_checks(databases=["default"]):
        if error.is_serious():
            yield str(error.msg)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check(5)")
            yield from (line for (line,) in cursor.fetchall() if line != "ok")
            cursor.execute("PRAGMA foreign_key_check")
            broken = cursor.fetchall()
            if broken:
                yield f"{len(broken)} rows point to rows that are not there"
        else:
            cursor.execute("SELECT 1")


def check_migrations() -> Iterator[str]:
    """The schema is the one this Portico knows."""
    if missing := unapplied():
        yield f"{len(missing)} migrations are not applied; `portico serve` applies them"
    if unknown := unknown_migrations():
        yield f"a newer Portico has been at work: {', '.join(unknown[:3])}"


def check_worker() -> Iterator[str]:
    """A worker gave a sign of life within the last minute."""
    if not is_worker_alive():
        yield "no worker runs: mails and imports wait; start `portico serve` or `portico worker`"


def check_disk() -> Iterator[str]:
    """There is room for data."""
    free = shutil.disk_usage(Path(settings.PORTICO_DATA_DIR)).free
    if free < LEAST_FREE_BYTES:
        yield f"only {free // 1024**2} MiB are free in {settings.PORTICO_DATA_DIR}"


def check_mail_server() -> Iterator[str]:
    """The mail server, if one is set, lets us in."""
    server = mail_server()
    if server is None:
        return
    attempt = connection_to(server)
    try:
        attempt.open()
        attempt.close()
    except (OSError, smtplib.SMTPException) as error:
        yield f"{server.masked}: {error}"


def check_stuck() -> Iterator[str]:
    """No mail, follow-up or operation is stuck."""
    since = timezone.now() - RECENTLY
    for workspace in Workspace.objects.order_by("slug"):
        with open_scope(scope_of(workspace)):
            counted = {
                "mails were put off again and again": OutgoingMail.objects.put_off().filter(
                    attempts__gte=TOO_OFTEN
                ),
                "mails of the last 7 days were not delivered": (
                    OutgoingMail.objects.undelivered().filter(created_at__gte=since)
                ),
                "follow-ups of events fail": FollowUp.objects.filter(attempts__gte=TOO_OFTEN),
                "operations of the last 7 days failed": Operation.objects.filter(
                    state=OperationState.FAILED, finished_at__gte=since
                ),
            }
            for text, rows in counted.items():
                if number := rows.count():
                    yield f"{workspace.slug}: {number} {text}"


def check_counters() -> Iterator[str]:
    """The kept counts of people are what is there."""
    people = (
        Membership.objects.filter(organization_id=OuterRef("pk"), person__archived_at__isnull=True)
        .order_by()
        .values("organization_id")
        .annotate(n=Count("pk"))
        .values("n")
    )
    counted = Coalesce(Subquery(people, output_field=IntegerField()), 0)
    for workspace in Workspace.objects.order_by("slug"):
        with open_scope(scope_of(workspace)):
            wrong = Organization.objects.annotate(n=counted).exclude(people_count=F("n")).count()
            if wrong:
                yield f"{workspace.slug}: people_count of {wrong} organizations is wrong"


def check_property_values() -> Iterator[str]:
    """What leads from the values of custom properties to records is kept, and says what they do."""
    if missing := missing_triggers(connection, KEPT_VALUES):
        yield f"{len(missing)} triggers are missing; {_REBUILD}"
        return
    for values in KEPT_VALUES:
        if wrong := count_wrong(connection, values):
            yield f"{wrong} values of {values.subject} records are wrong; {_REBUILD}"


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "database": check_database,
    "migrations": check_migrations,
    "worker": check_worker,
    "disk": check_disk,
    "mail server": check_mail_server,
    "nothing stuck": check_stuck,
    "counters": check_counters,
    "property values": check_property_values,
}
