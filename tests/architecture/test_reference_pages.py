"""The pages of reference say what the code has: no more, no less."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from portico.clients.choices import PropertySubject
from portico.clients.filters.fields import fixed_fields
from portico.clients.filters.grammar import EQUALS, OPERATORS
from portico.clients.filters.lists import OrganizationFilter, PersonFilter
from portico.clients.filters.sorting import sort_names
from portico.config.commands import COMMANDS
from portico.config.env import Environment
from portico.history.reversals import is_reversible
from portico.insight import reports as insight
from tests.doors.routes import all_routes
from tools.findings import ROOT, kept_files

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
CODE = re.compile(r"`([^`]+)`")
REFUSING: Mapping[str, int] = {"Refused": 0, "FieldProblem": 1, "problem": 1, "__init__": 0}
KIND = re.compile(r"[a-z_]+\.(?:[a-z_]*ed|made|sent|sent_again|resent|undone|link_copied)")
API = "/api/v1"
PARAMETER = re.compile("<[a-z]+:[a-z_]+>")
NO_KINDS = {"portal.closed", "restore.unfinished"}
KINDS_OF_VARIABLES = {
    f"{subject}.{verb}"
    for subject in ("organization", "person")
    for verb in ("merged", "unmerged", "told_apart", "compared_again")
}


def rows_of(page: str, *, under: str = "") -> list[list[str]]:
    """The cells of the tables of a page, or of one of its sections."""
    text = (REFERENCE / page).read_text()
    if under:
        text = text.split(f"\n{under}\n")[1].split("\n#")[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def codes_of(page: str, *, column: int = 0) -> set[str]:
    """What stands as code in one column of a page's tables."""
    return {code for row in rows_of(page) for code in CODE.findall(row[column])}


def constants_of_calls() -> Iterator[tuple[str, str]]:
    """What is refused anywhere in the product: the name of the call and the code."""
    for tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                place = REFUSING.get(name, len(node.args))
                given = node.args[place : place + 1]
                if given and isinstance(given[0], ast.Constant):
                    yield name, str(given[0].value)
            if (
                isinstance(node, ast.Assign)
                and getattr(node.targets[0], "id", "") == "code"
                and isinstance(node.value, ast.Constant)
            ):
                yield "code", str(node.value.value)


def _trees() -> Iterator[ast.Module]:
    for file in kept_files(ROOT):
        if file.parts[0] == "portico" and file.suffix == ".py" and "migrations" not in file.parts:
            yield ast.parse((ROOT / file).read_text())


def test_every_code_of_a_refusal_is_on_the_page_of_errors() -> None:
    raised = {
        code for _name, code in constants_of_calls() if re.fullmatch(r"[a-z]+(_[a-z]+)*", code)
    }
    raised |= {"needs_confirmation"}

    assert raised - codes_of("errors.md") == set()


def test_the_page_of_errors_names_no_code_that_nothing_raises() -> None:
    said = {
        str(node.value)
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }

    assert codes_of("errors.md") - said == set()


def test_every_kind_of_event_is_on_its_page_with_whether_it_can_be_undone() -> None:
    recorded = {
        node.value
        for tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KIND.fullmatch(node.value)
    }
    kinds = (recorded | KINDS_OF_VARIABLES) - NO_KINDS
    told = {code: row[1] for row in rows_of("events.md")[1:] for code in CODE.findall(row[0])}

    assert told == {kind: "yes" if is_reversible(kind) else "no" for kind in kinds}


@pytest.mark.parametrize(
    ("subject", "head"),
    [
        (PropertySubject.ORGANIZATION, "### Fields of organizations"),
        (PropertySubject.PERSON, "### Fields of people"),
    ],
)
def test_every_field_of_a_list_is_told_with_its_kind_and_operators(
    subject: PropertySubject, head: str
) -> None:
    told = {row[0]: (row[1], row[2]) for row in rows_of("list-parameters.md", under=head)[1:]}

    assert told == {
        f"`{field.name}`": (
            field.kind.value,
            ", ".join("(none)" if taken == EQUALS else f"`{taken}`" for taken in field.taken),
        )
        for field in fixed_fields(subject).values()
    }


def test_every_operator_status_order_and_shipped_view_of_lists_is_told() -> None:
    page = "list-parameters.md"
    operators = {
        code for row in rows_of(page, under="## Conditions") for code in CODE.findall(row[0])
    }
    fixed = {row[0]: row[1] for row in rows_of(page, under="## Fixed parameters")}
    sorts = (REFERENCE / page).read_text().split("`sort` of organizations: ")[1].split("\n\n")[0]
    organizations, people = sorts.split(". Of people: ")
    views = [row[0] for row in rows_of(page, under="## Views that are shipped")[1:]]

    assert operators == {taken for row in OPERATORS.values() for taken in row if taken} | {
        "not",
        "any",
    }
    assert CODE.findall(fixed["`status`"]) == [*OrganizationFilter.statuses, *PersonFilter.statuses]
    assert CODE.findall(organizations) == list(OrganizationFilter.orders)
    assert CODE.findall(people) == list(PersonFilter.orders)
    others = (REFERENCE / page).read_text().split("sorts too, of organizations ")[1]
    organizations, people = others.split("; and by")[0].split("; of people ")
    assert CODE.findall(organizations) == sort_names(PropertySubject.ORGANIZATION)
    assert CODE.findall(people) == sort_names(PropertySubject.PERSON)
    assert views == [f"`{view.id}`" for view in insight._SHIPPED]


def test_every_operation_of_the_api_is_told_with_its_permissions() -> None:
    told = {
        re.sub(r"\{[a-z_]+\}", "{NAME}", CODE.findall(row[0])[0]): CODE.findall(row[1])
        for row in rows_of("api.md", under="## Collections")[1:]
    }
    there = {
        f"{method} {PARAMETER.sub('{NAME}', route.pattern.removeprefix(API))}": policy
        for route in all_routes()
        for method, policy in route.policies.items()
        if route.pattern.startswith(f"{API}/") and policy is not None and method != "HEAD"
    }
    demanded = {
        operation: [*policy.permissions, *policy.any_of] for operation, policy in there.items()
    }

    assert told == demanded


def test_every_variable_and_every_command_is_told() -> None:
    variables = {f"PORTICO_{name.upper()}" for name in Environment.model_fields}

    assert codes_of("environment.md") == variables
    assert {code.split()[0] for code in codes_of("commands.md")} >= set(COMMANDS)


def test_every_page_is_reached_from_the_first_page_of_the_docs() -> None:
    index = (DOCS / "README.md").read_text()
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}

    assert {page for page in pages if f"]({page})" not in index} == set()


def test_every_file_that_the_recipe_for_a_feature_names_is_there() -> None:
    recipe = (DOCS / "how-to" / "add-a-feature.md").read_text()
    named = {
        code for code in CODE.findall(recipe) if re.match(r"(portico|tests|tools|docs)/", code)
    }

    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()
