"""`portico import`, as an operator runs it."""

import json
from pathlib import Path
from typing import Any

import pytest

from portico.clients.models import Organization, Person
from portico.kit.tenancy.scope import WorkspaceScope
from tests.config.commands.conftest import Portico, portico
from tests.transfers.reading.workbooks import workbook

__all__ = ["portico"]

DIALECTS = "dialects/csv-spectrum/csvs/"


@pytest.fixture
def in_file(tmp_path: Path, scope: WorkspaceScope) -> Any:
    """Writes a file and returns its path."""

    def written(content: bytes | str) -> str:
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def numbers(out: str) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads(out)
    assert len(counts.pop("import_id")) == 36
    outcomes = ("created", "updated", "unchanged", "duplicates", "refused")
    assert sum(counts[name] for name in outcomes) == counts["rows"]
    return counts


def test_a_dry_run_saves_nothing_and_counts_like_the_run(
    portico: Portico,
    in_file: Any,
    shared_data: Any,
    tmp_path: Path,
) -> None:
    words = ["import", "people", in_file(shared_data("splink/fake_1000.csv"))]
    words += ["--workspace", "northstar", "--organization", "Splink", "--json"]
    dry = portico(*words, "--dry-run", "--failures", str(tmp_path / "dry.csv"))
    assert (dry.status, Person.objects.count()) == (0, 0)
    run = portico(*words, "--failures", str(tmp_path / "run.csv"))

    expected = {
        "rows": 1000,
        "created": 394,
        "updated": 0,
        "unchanged": 0,
        "duplicates": 365,
        "refused": 241,
        "organizations_created": 1,
        "people_created": 394,
    }
    assert numbers(dry.out) == {**expected, "dry_run": True}
    assert numbers(run.out) == {**expected, "dry_run": False}
    assert (tmp_path / "dry.csv").read_bytes() == (tmp_path / "run.csv").read_bytes()


def test_columns_are_mapped_by_hand(
    portico: Portico,
    in_file: Any,
) -> None:
    file = in_file("Wer;Post=Adresse\nAnn;ann@a.test\n")
    words = ["import", "people", file, "--workspace", "northstar", "--organization", "Alpha"]
    done = portico(*words, "--map", "Wer=name", "--map", "Post=Adresse=email")

    assert (done.status, done.err) == (0, "")
    assert Person.objects.get().email == "ann@a.test"
    assert "separator ';'" in done.out


@pytest.mark.parametrize(
    ("words", "status", "reason"),
    (
        (["--map", "x"], 2, "is not COLUMN=field"),
        (["--existing", "replace"], 2, "invalid choice"),
        (["--map", "nothing=name"], 1, "There is no column “nothing”"),
        (["--map", "name=colour"], 1, "There is no field “colour”"),
        (["--map", "email=property.colour"], 1, "There is no field “property.colour”"),
        (["--organization", "Alpha", "--unknown-organizations", "refuse"], 1, "There is no"),
        (["--workspace", "nowhere"], 1, "There is no workspace “nowhere”"),
    ),
)
def test_wrong_words_are_told(
    portico: Portico,
    in_file: Any,
    words: list[str],
    status: int,
    reason: str,
) -> None:
    file = in_file("name,email\nAnn,ann@a.test\n")
    done = portico("import", "people", file, "--workspace", "northstar", *words)

    assert done.status == status
    assert reason in done.err
    assert Person.objects.count() == 0


def test_all_or_nothing_with_a_wrong_row_is_refused(
    portico: Portico,
    in_file: Any,
) -> None:
    file = in_file("name,email\nAnn,ann@a.test\nBad,bad\n")
    words = ["--workspace", "northstar", "--organization", "Alpha", "--all-or-nothing", "--json"]
    done = portico("import", "people", file, *words)

    assert done.status == 1
    assert numbers(done.out)["refused"] == 2
    assert Person.objects.count() == Organization.objects.count() == 0


def test_a_sheet_of_a_workbook_is_read(portico: Portico, in_file: Any) -> None:
    """Edge case 42: days and numbers of spreadsheets; what a file is, its content says."""
    rows = [("name", "email", "phone"), ("Ann", "ann@a.test", 441234567890)]
    file = in_file(workbook({"Notes": [("x",)], "People": rows}))
    words = ["--workspace", "northstar", "--organization", "Alpha", "--sheet", "People"]
    done = portico("import", "people", file, *words)

    assert (done.status, done.err) == (0, "")
    assert "Excel workbook, sheet 'People'" in done.out
    assert Person.objects.get().phone == "441234567890"


def test_people_are_updated_by_a_chosen_key(portico: Portico, in_file: Any) -> None:
    words = ["--workspace", "northstar", "--organization", "Alpha", "--json"]
    first = in_file("name,email,reference,phone\nAnn,ann@a.test,1,5\n")
    assert numbers(portico("import", "people", first, *words).out)["created"] == 1
    second = in_file("name,email,reference,phone\nAnn,ann@new.test,1,\n")
    words += ["--existing", "update", "--match", "reference", "--clear-empty"]
    assert numbers(portico("import", "people", second, *words).out)["updated"] == 1

    person = Person.objects.get()
    assert (person.email, person.phone) == ("ann@new.test", "")


@pytest.mark.parametrize("path", ("/nowhere/people.csv", "."))
def test_a_file_that_can_not_be_read_is_refused(
    portico: Portico,
    scope: WorkspaceScope,
    path: str,
) -> None:
    done = portico("import", "people", path, "--workspace", "northstar")

    assert done.status == 1
    assert "can't be read" in done.err


@pytest.mark.parametrize(
    "content",
    (b"", b"\x00\x01\x02\x03", b"\x89PNG\r\n\x1a\n", b'a,b\n"open', b"PK\x03\x04xl/"),
)
def test_a_broken_file_is_refused_without_a_trace(
    portico: Portico,
    in_file: Any,
    content: bytes,
) -> None:
    done = portico("import", "people", in_file(content), "--workspace", "northstar")

    assert done.status == 1
    assert done.err.startswith("portico: ")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("name", "column", "first"),
    (
        ("comma_in_quotes", "first", "John"),
        ("escaped_quotes", "b", 'ha "ha" ha'),
        ("json", "key", "1"),
        ("newlines", "a", "1"),
        ("newlines_crlf", "a", "1"),
        ("simple_crlf", "a", "1"),
        ("utf8", "c", "3"),
    ),
)
def test_the_dialects_of_csv_are_read(
    portico: Portico,
    in_file: Any,
    shared_data: Any,
    name: str,
    column: str,
    first: str,
) -> None:
    """Edge case 42: quoted commas, quotes, line breaks, CRLF."""
    file = in_file(shared_data(f"{DIALECTS}{name}.csv"))
    words = ["import", "organizations", file, "--workspace", "northstar", "--json"]
    mapping = ["--map", f"{column}=description", "--map"]
    others = {"first": "last", "b": "a", "key": "val", "a": "b", "c": "b"}
    done = portico(*words, *mapping, f"{others[column]}=name")

    counts = numbers(done.out)
    assert counts["created"] + counts["refused"] + counts["duplicates"] == counts["rows"]
    found = Organization.objects.order_by("created_at", "pk").first()
    assert found is None or found.description == first


@pytest.mark.parametrize("encoding", ("utf-8", "utf-8-sig", "utf-16", "cp1252"))
@pytest.mark.parametrize("separator", (",", ";", "\t"))
def test_encodings_and_separators_are_found(
    portico: Portico,
    in_file: Any,
    encoding: str,
    separator: str,
) -> None:
    """Edge case 42: with or without a mark, never silently decoded wrongly."""
    text = "name,email,phone\nZoë Köhler,zoe@a.test,0123\n".replace(",", separator)
    words = ["--workspace", "northstar", "--organization", "Ärzte"]
    done = portico("import", "people", in_file(text.encode(encoding)), *words)

    assert done.status == 0
    person = Person.objects.get()
    assert (person.name, person.phone) == ("Zoë Köhler", "0123")
    assert ("not UTF-8" in done.out) == (encoding == "cp1252")
