"""The drill of backup and restore: what it does in each round, and what it counted."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from portico.config.backups.restoring import check_backup
from tests.config.digests import digests_of_backup, digests_of_place
from tests.config.places import NewPlace, Place, random_moments

BUSY = (
    "SELECT count(*), coalesce(sum(people_count), 0) FROM clients_organization"
    " WHERE name LIKE 'Busy %'"
)
BUSY_PEOPLE = "SELECT count(*) FROM accounts_user WHERE name LIKE 'Person %'"
DAMAGED = (
    "portico: The backup is damaged: its content is not what was saved.\n",
    "portico: This is not a backup of Portico, or its end is missing.\n",
)


@dataclass
class Rounds:
    """What a drill counted."""

    backups: int = 0
    equal: int = 0
    killed_backups: int = 0
    killed_restores: int = 0
    written: int = 0
    backup_seconds: list[float] = field(default_factory=list)
    restore_seconds: list[float] = field(default_factory=list)

    def numbers(self) -> dict[str, object]:
        """The rows of the report."""
        return {
            "rounds (backup under write load, restored and compared)": self.backups,
            "restored databases with the digest of the backup, table by table": self.equal,
            "organizations written meanwhile, five people each": self.written,
            "backups killed while at work": self.killed_backups,
            "restores killed while at work": self.killed_restores,
            "backups or restores that looked whole and were not": 0,
            "counters that did not equal their rows": 0,
            "longest backup, seconds": f"{max(self.backup_seconds):.1f}",
            "longest restore, seconds": f"{max(self.restore_seconds):.1f}",
        }


def run_rounds(new_place: NewPlace, folder: Path, *, count: int) -> Rounds:
    """Each round: one backup killed, one made whole under load, one restore killed, one whole.

    At the end the writer is stopped: the last backup has exactly the rows of the installation.
    """
    counted = Rounds()
    busy = new_place()
    busy.done("demo", "--size", "100")
    moments = iter(random_moments(count * 2, most=1.6))
    with busy.running("-m", "tests.config.busy") as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"at work\n"
        for number in range(count):
            path = folder / f"{number}.backup"
            counted.killed_backups += busy.killed("backup", path, after=next(moments))
            if path.exists():
                check_backup(path)
                path.unlink()
            acknowledged = busy.rows(BUSY)[0][0]
            counted.backup_seconds.append(seconds_of(busy, "backup", path))
            restored = new_place()
            counted.killed_restores += restored.killed("restore", path, after=next(moments))
            if not restored.is_whole():
                counted.restore_seconds.append(seconds_of(restored, "restore", path))
            assert writer.poll() is None
            require_rows(restored, at_least=acknowledged)
            counted.equal += digests_of_place(restored) == digests_of_backup(path)
            assert restored.damage() == []
            counted.backups += 1
            path.unlink()
        counted.written = busy.rows(BUSY)[0][0]
    require_equal_at_rest(busy, new_place(), folder / "rest.backup")
    return counted


def require_rows(restored: Place, *, at_least: int) -> None:
    """Everything acknowledged before the backup is there, and nothing by halves."""
    [(organizations, people)] = restored.rows(BUSY)
    assert organizations >= at_least
    assert (people, restored.rows(BUSY_PEOPLE)[0][0]) == (organizations * 5,) * 2


def require_equal_at_rest(place: Place, empty: Place, path: Path) -> None:
    """Nobody writes: what was restored is what is there, row by row."""
    place.done("backup", path)
    empty.done("restore", path)
    assert digests_of_place(empty) == digests_of_place(place)


def refused_damages(backup: Path, empty: Place, copy: Path, *, places: int) -> int:
    """Change one byte in so many places, and cut once at each; how many of all were refused."""
    content = backup.read_bytes()
    refused = 0
    for number in range(places):
        place = len(content) * number // places + number
        changed = content[:place] + bytes([content[place] ^ 0x10]) + content[place + 1 :]
        for damaged in (changed, content[:place]):
            copy.write_bytes(damaged)
            refused += empty.refused("restore", copy) in DAMAGED
    assert not empty.is_whole()
    return refused


def seconds_of(place: Place, *words: object) -> float:
    """How long a command line takes that has to go well."""
    start = time.perf_counter()
    place.done(*words)
    return time.perf_counter() - start
