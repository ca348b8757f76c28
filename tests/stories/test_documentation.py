"""S1.32: Help leads to the documentation, which is inside the product."""

from pathlib import Path
from urllib.parse import urljoin

import pytest

from portico.workspaces.choices import Preset
from tests.stories.visitor import Program, Visitor

pytestmark = pytest.mark.once
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def preset() -> str:
    """The statement is of this one."""
    return Preset.FIELD_SERVICE


def test_s1_32_help_leads_to_the_documentation(agent: Visitor) -> None:
    agent.open("/help/")
    assert agent.follow("Documentation").heading == "Documentation of Portico"
    assert agent.follow("Lists").heading == "Lists"


def test_every_page_of_the_documentation_opens_and_what_it_links_to_is_there(
    agent: Visitor,
) -> None:
    files = sorted(DOCS.rglob("*.md"))
    shown = {
        name: agent.open(name)
        for file in files
        for name in ["/docs/" if file.stem == "README" else f"/docs/{file.stem}"]
    }
    assert {name: page.status for name, page in shown.items() if page.status != 200} == {}
    anchors = {
        name: {node.get("id") for node in page.root.all("main", "h2", "h3", "h4", "code")}
        for name, page in shown.items()
    }
    dead = set()
    for name, page in shown.items():
        for node in page.root.all("a"):
            path, _mark, anchor = urljoin(name, node.get("href")).partition("#")
            if path.startswith("/docs/") and anchor:
                dead |= {(name, path, anchor)} - {(name, path, one) for one in anchors[path]}
        pictures = [node.get("src") for node in page.root.all("img") if "/docs/" in node.get("src")]
        dead |= {(name, src, "") for src in pictures if agent.browser.get(src).status_code != 200}
    assert dead == set()
    assert agent.open("/docs/nothing").status == 404


def test_the_type_of_a_problem_leads_to_what_it_means(agent: Visitor, program: Program) -> None:
    kind = program.get("organizations", nothing="1").json()["type"]
    path, _mark, code = kind.partition("#")
    page = agent.open(path)
    assert code in {node.get("id") for node in page.root.all("code")}
