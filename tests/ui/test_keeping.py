"""Parts of pages that are written once for each key."""

from types import SimpleNamespace

import pytest
from django.test import Client
from jinja2 import TemplateAssertionError

from portico.kit.tenancy.scope import open_scope
from portico.ui.jinja import environment
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace
from tests.conftest import sign_in
from tests.factories.workspaces import make_agent, make_workspace

PART = "{% kept entry.name %}{{ entry.name }} {{ count() }}{% endkept %}"


def written(part: str, **values: object) -> str:
    return ENVIRONMENT.from_string(part).render(**values)


ENVIRONMENT = environment()


class Counter:
    """Says how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_a_part_is_written_once_for_each_key() -> None:
    template, count = ENVIRONMENT.from_string(PART), Counter()
    names = ["Acme", "Beta", "Acme"]
    shown = [template.render(entry=SimpleNamespace(name=name), count=count) for name in names]
    assert shown == ["Acme 1", "Beta 2", "Acme 1"]


def test_a_kept_part_is_escaped_like_any_other() -> None:
    assert (
        written("{% kept name %}<b>{{ name }}</b>{% endkept %}", name="<i>") == "<b>&lt;i&gt;</b>"
    )


@pytest.mark.django_db
def test_no_workspace_is_shown_what_another_had_written(workspace: Workspace) -> None:
    template, count = ENVIRONMENT.from_string("{% kept 1 %}{{ count() }}{% endkept %}"), Counter()
    shown = []
    for place in (workspace, make_workspace("Beta", hostname="beta.test"), workspace):
        with open_scope(scope_of(place)):
            shown.append(template.render(count=count))
    assert shown == ["1", "2", "1"]


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ("{{ actor.name }}", "actor"),
        ("{{ entry.age }}", "entry"),
        ("{% for each in entries %}{{ each }}{% endfor %}", "entries"),
        ("{{ shown(actor.name) }}", "actor"),
        ("{{ entry.name if actor else '' }}", "actor"),
    ],
)
def test_a_part_that_reads_what_is_not_in_its_key_does_not_compile(body: str, read: str) -> None:
    with pytest.raises(TemplateAssertionError) as refused:
        ENVIRONMENT.from_string("{% kept entry.name %}" + body + "{% endkept %}")
    assert str(refused.value) == f"A kept part reads '{read}', which is not in its key."


def test_a_part_may_read_the_names_it_makes_itself() -> None:
    body = "{% set last = names[1] %}{% for name in names %}{{ name }}{{ last }} {% endfor %}"
    assert written("{% kept names %}" + body + "{% endkept %}", names=("a", "b")) == "ab bb "


def test_each_reader_sees_their_own_shell_whoever_came_before(owner_browser: Client) -> None:
    viewer = sign_in(make_agent("vera@northstar.test", name="Vera Viewer", roles=["Viewer"]))
    parts = ("Vera Viewer", 'href="/settings/"', 'data-shortcut-else="c"')
    for _turn in range(2):
        shown = [
            [part in browser.get("/people/").content.decode() for part in parts]
            for browser in (owner_browser, viewer)
        ]
        assert shown == [[False, True, True], [True, False, False]]
