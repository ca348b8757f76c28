"""The page docs/benchmarks.md out of what was measured."""

from collections.abc import Iterator, Mapping
from typing import Any

# The goals in milliseconds at the median, by the beginning of the operation's name.
GOALS = {
    "several filters": 100,
    "custom property": 100,
    "organizations": 10,
    "people": 10,
    "search": 15,
    "open": 6,
    "create an invitation": 20,
    "create": 12,
    "change": 12,
    "JSON": 5,
}
# What the plainest Django page took where the goals were set (tests/bench/plain.py).
PLAIN = {"people, page 1": 10.1, "open a person": 2.4}
ARCHIVE = {"SQLite": 400, "PostgreSQL": 100}
IMPORT_ROWS = {"SQLite": 1250, "PostgreSQL": 2500}
HEAD = """# Speed, measured

`make bench` writes this page. It fills one database with workspaces of 1,000, 100,000 and
1,000,000 people side by side (`PORTICO_BENCH_SIZES` chooses others; ten people to an organization;
tags, account managers, end dates, custom properties and invitations among them, but no history),
starts `portico serve` with two web processes and a worker, signs in over HTTP and asks for whole
pages: session, permissions, layout and all. Client and server share the processors, and so does
whatever else the machine does meanwhile, which comes and goes within minutes and only ever adds:
all pages of all workspaces, and the yardstick, are asked for in four rounds, and a figure is that
of its calmest one (median and 95 % of twenty answers). Figures are to be compared within one run;
repeated runs still differ. "Bare SQL" is the same question asked of the database alone, without a
framework, a right or a page. Milliseconds; requests a second are over eight connections.
The goals were set beside the plainest Django page over the same rows (`tests/bench/plain.py`: no
session, no right, no layout). That page is measured here too, by the same server in the same run,
and says how fast this machine is: "by the yardstick" is what is missed of a goal that is as much
longer as a plain list takes here.
`export 10,000` is from the press to the finished file, with the worker's way there; `archive
1,000` and `tag 1,000` are the acts themselves, as the worker runs them. What is filled is kept in
the folder for temporary files.
"""
TAIL = """
## Why the goals that are missed are missed

{reasons}

What keeps these figures from growing with the number of people is asserted in
`tests/clients/test_plans.py`: each page of each list walks an index from the first row it shows,
and a search asks the trigram index first.
"""


def page(results: Mapping[str, dict[str, Any]]) -> str:
    """The whole page; `results` by the name of the database."""
    parts = [HEAD]
    for database, result in results.items():
        parts += [f"\n## {database}\n\n", *table(database, result), "\n", *around(result)]
    return "".join(parts) + TAIL.format(reasons=REASONS)


def table(database: str, result: dict[str, Any]) -> Iterator[str]:
    """One line for each operation: at each size, and more of the largest."""
    slugs = list(result["sizes"])
    sizes = [short(result["people"][slug]) for slug in slugs]
    largest = sizes[-1]
    heads = [f"{size} p50" for size in sizes]
    heads += [f"{largest} p95", f"{largest} per second", "growth", "queries"]
    heads += [f"bare SQL {largest}", "ratio", "goal p50", "missed by", "by the yardstick"]
    yield f"| operation | {' | '.join(heads)} |\n"
    yield f"|---|{'--:|' * len(heads)}\n"
    for name, figure in result["sizes"][slugs[-1]].items():
        medians = [result["sizes"][slug][name]["p50"] for slug in slugs]
        floor = result["floor"][slugs[-1]]["bare"].get(name)
        goal = goal_of(name, database)
        cells = [
            name,
            *map(milliseconds, medians),
            milliseconds(figure["p95"]),
            f"{rate:,.0f}" if (rate := figure.get("rate")) else "",
            f"{medians[-1] / medians[0]:.1f} x",
            queries(result, name),
            milliseconds(floor) if floor else "",
            f"{figure['p50'] / floor:,.0f}" if floor else "",
            milliseconds(goal) if goal else "",
            missed(figure["p50"], goal),
            missed(figure["p50"], goal and goal * slowness(result)),
        ]
        yield f"| {' | '.join(cells)} |\n"


def slowness(result: dict[str, Any]) -> float:
    """How much longer a plain Django list takes here than where the goals were set."""
    return float(result["plain"]["people, page 1"]["p50"]) / PLAIN["people, page 1"]


def around(result: dict[str, Any]) -> Iterator[str]:
    """The yardstick, memory and start."""
    listed, opened = (result["plain"][name]["p50"] for name in PLAIN)
    yield f"The yardstick: a plain Django list took {listed:.1f} ms here (10.1 where the goals "
    yield f"were set), a plain record {opened:.1f} (2.4).\n\n"
    memory, own, start = result["memory"], result["own_memory"], result["start"]
    yield f"Memory of all processes after the load: {memory:.0f} MiB (goal: 250), "
    yield f"{own:.0f} MiB of it their own, the rest files mapped from the system's cache. "
    if load := result.get("load"):
        yield f"Processes waiting for the processors before the run began: {load:.1f}. "
    yield f"Start to first answer: {start:.1f} s (goal: 2).\n"


def queries(result: dict[str, Any], name: str) -> str:
    """How many queries: once where every size asks as many."""
    counts = [each["queries"].get(name) for each in result["floor"].values()]
    return "" if None in counts else ", ".join(map(str, dict.fromkeys(counts)))


def short(people: int) -> str:
    """1k, 100k, 1M."""
    return f"{people // 1_000_000}M" if people >= 1_000_000 else f"{people // 1000}k"


def goal_of(name: str, database: str) -> float | None:
    """The goal in milliseconds, where there is one."""
    if name.startswith("archive"):
        return ARCHIVE[database]
    if name.startswith("import"):
        return 10_000 / IMPORT_ROWS[database] * 1000
    return next((goal for start, goal in GOALS.items() if name.startswith(start)), None)


def milliseconds(value: float) -> str:
    """Short, and exact where it is small."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def missed(value: float, goal: float | None) -> str:
    """How far beyond the goal; empty when it is kept."""
    return f"{value / goal:.1f} x" if goal and value > goal else ""


REASONS = """Client, server and database share the processors, and cells repeated within a run
differ by up to 1.5 x: a goal missed by less than that shows nothing.

**Lists** cost what Python does with them, not what the database does (bare SQL 0.05 ms for a page):
32 thousand function calls for 50 organizations, 34 thousand for 50 people, half of them in the
template. From run to run they take as long as the yardstick, which has neither session nor rights
nor layout, or half as long again; the calls are the same. The
SQL of whole lists, of narrowed ones and the shell are kept (decisions 11, 13 and 14).

**One filter** adds 1 to 5 thousand calls, and the chips and acts that only narrowed lists have.

**What grows with the number of people**

- *A tag, Invited*: beyond 1,000 hits a list is walked along the index of its order, each entry
  asking for its own link, until a page is full; one hit in a hundred means 5,000 entries.
- *A common word* is found at once where names begin with it, or every twentieth row holds it. Two
  common words that seldom meet, or one sorted by name with a click, are met on a walk.
- *A sort* is walked along an index (decision 17): of texts and days, or of names and values in turn
  with the records of each. Archived ones and all are sorted anew by texts.
- *A custom property* that more than 1,000 hold is met on a walk that reads each record; a rarer
  value leads to its records (decision 15).

**Archiving on PostgreSQL** writes rows anew in all their indexes: the people, of whose indexes the
trigrams are the dearest, and a thousand counters of their organizations.

Up to 1,000 hits a filter's rows are looked up and sorted, more are met on a walk of an index alone
(`portico/kit/narrowing.py`); narrowed lists are counted up to 1,000 along what leads to them, whole
ones up to 10,000 by an index alone."""
