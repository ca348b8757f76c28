"""The checks of names and sizes: the tree passes them, and each can fail."""

from pathlib import Path, PurePosixPath

import pytest

from tools.check_functions import check_functions
from tools.check_names import check_once, check_places, check_text, check_tree, machine_places
from tools.findings import ROOT, Finding


def found(path: str, text: str) -> list[str]:
    """What is found in a file of that path and text."""
    return [str(finding) for finding in check_text(PurePosixPath(path), text)]


def test_the_tree_has_the_names_and_sizes_of_the_house() -> None:
    assert list(map(str, check_tree(ROOT))) == []


@pytest.mark.parametrize("suffix", ("py", "ts", "css", "html"))
def test_a_file_has_at_most_400_lines(suffix: str) -> None:
    path = f"portico/ui/table.{suffix}"

    assert found(path, "\n" * 400) == []
    assert found(path, "\n" * 401) == [f"{path}:401: 401 lines, at most 400 are allowed"]


def test_a_migration_may_have_more_than_400_lines() -> None:
    assert found("portico/clients/migrations/0001_initial.py", "\n" * 401) == []


@pytest.mark.parametrize(
    ("path", "name"),
    (
        ("portico/kit/utils.py", "utils"),
        ("portico/kit/helpers/dates.py", "helpers"),
        ("portico/clients/actions/common.py", "common"),
        ("portico/ui/templates/ui/base.html", "base"),
        ("portico/ui/frontend/behaviours/misc.ts", "misc"),
        ("tests/clients/test_data.py", "test_data"),
    ),
)
def test_a_name_says_what_is_inside(path: str, name: str) -> None:
    expected = f"{path}:1: the name '{name}' does not say what is inside"

    assert [line for line in found(path, "") if "does not say" in line] == [expected]


@pytest.mark.parametrize(
    "path",
    (
        "portico/clients/actions.py",
        "portico/clients/actions/organizations.py",
        "portico/clients/migrations/0001_initial.py",
        "portico/config/commands/serve.py",
        "portico/kit/dates.py",
        "portico/workspaces/actors.py",
    ),
)
def test_an_app_holds_files_with_the_agreed_roles(path: str) -> None:
    assert found(path, "") == []


def test_an_app_holds_no_other_file() -> None:
    assert found("portico/clients/services.py", "") == [
        "portico/clients/services.py:1: 'services' is none of the files an app is made of"
    ]


def test_a_role_that_stands_once_stands_in_one_app_only() -> None:
    paths = [PurePosixPath(f"portico/{app}/adapters.py") for app in ("accounts", "clients")]

    assert list(check_once(paths[:1])) == []
    assert list(check_once(paths)) == [
        Finding("portico/accounts/adapters", 1, "'adapters' stands in 2 apps"),
        Finding("portico/clients/adapters", 1, "'adapters' stands in 2 apps"),
    ]


def test_a_function_has_at_most_40_lines_beside_its_docstring() -> None:
    path = "portico/clients/actions.py"
    text = 'def archive():\n    """Say it.\n\n    At length.\n    """\n' + "    x = 1\n" * 39

    assert found(path, text) == []
    assert found(path, text + "    x = 1\n") == [
        f"{path}:1: archive has 41 lines, at most 40 are allowed"
    ]


@pytest.mark.parametrize(
    ("signature", "complaint"),
    (
        ("f(a, b, *, c, d, e, g)", ""),
        ("f(a, b, *, c, d, e, g, h)", "f takes 7 arguments, at most 6 are allowed"),
        ("f(a, b, c)", "f takes 3 arguments by position; after two, by name only"),
        ("_f(a, b, c=1)", "_f takes 3 arguments by position; after two, by name only"),
        ("f(*many, **named)", ""),
    ),
)
def test_a_function_takes_few_arguments_and_two_of_them_by_position(
    signature: str, complaint: str
) -> None:
    text = f"def {signature}:\n    ...\n"
    expected = [f"portico/clients/actions.py:1: {complaint}"] if complaint else []

    assert found("portico/clients/actions.py", text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    (
        ("class A:\n    def f(self, a, b):\n        ...\n", 0),
        ("class A:\n    def f(self, a, b, c):\n        ...\n", 1),
        ("class A:\n    @staticmethod\n    def f(a, b, c):\n        ...\n", 1),
        ("class A(B):\n    def f(self, a, b, c):\n        ...\n", 0),
        ("class A(B):\n    def _f(self, a, b, c):\n        ...\n", 1),
        ("class A:\n    def __exit__(self, a, b, c):\n        ...\n", 0),
        ("@receiver(signal)\ndef f(a, b, c):\n    ...\n", 0),
        ("@transaction.atomic\ndef f(a, b, c):\n    ...\n", 1),
    ),
)
def test_only_a_framework_may_have_more_arguments_by_position(text: str, count: int) -> None:
    assert len(found("portico/clients/models.py", text)) == count


@pytest.mark.parametrize("name", ("process_rows", "do_import", "handle_upload", "_do_import"))
def test_a_function_says_what_it_does(name: str) -> None:
    path = PurePosixPath("portico/clients/actions.py")

    assert list(check_functions(path, f"def {name}():\n    ...\n")) == [
        Finding(str(path), 1, f"'{name}' does not say what it does")
    ]


def test_a_function_of_the_pages_says_what_it_does() -> None:
    path = "portico/ui/frontend/behaviours/dialog.ts"

    assert found(path, "export function handleClick() {}") == [
        f"{path}:1: 'handleClick' does not say what it does"
    ]


def test_a_hook_of_the_middleware_keeps_its_given_name() -> None:
    text = "class Doors:\n    def process_view(self, request, view, args, named):\n        ...\n"

    assert found("portico/workspaces/middleware.py", text) == []


@pytest.mark.parametrize("line", ("cd /srv/code/", '"/srv/code/portico/x"', "file:/srv/code/a"))
def test_no_file_names_a_place_on_the_machine(line: str) -> None:
    places = machine_places(Path("/srv/code/portico"))
    findings = check_places(PurePosixPath("docs/running.md"), f"a\n{line}\n", places=places)

    assert [finding.line for finding in findings] == [2]


@pytest.mark.parametrize("line", ("https://example.com/srv/code/", "./srv/code/", "/srv/codes/"))
def test_an_address_is_no_place_on_the_machine(line: str) -> None:
    places = machine_places(Path("/srv/code/portico"))

    assert list(check_places(PurePosixPath("docs/a.md"), line, places=places)) == []


def test_a_folder_that_every_machine_has_tells_nothing() -> None:
    assert machine_places(Path("/srv/portico"))[:-1] == [Path("/srv/portico")]


@pytest.mark.parametrize(
    ("path", "line"),
    (
        ("docs/running.md", "https://registry.npmjs" + ".org/htmx.org"),
        ("requirements.txt", "--extra-index-url https://packages.example/simple"),
        ("package-lock.json", '"resolved": "https://packages.example/htmx.tgz"'),
        (".npmrc", "registry=https://packages.example"),
    ),
)
def test_no_file_names_a_package_registry(path: str, line: str) -> None:
    assert len(found(path, line)) == 1


@pytest.mark.parametrize(
    ("tag", "name"),
    (
        ('<p style="color: red">', "style attribute"),
        ("<p\n  onclick='x()'>", "event handler attribute"),
        ('<p hx-on:click="x()">', "htmx event handler"),
        ('<a href="javascript:x()">', "javascript: address"),
        ("<style>p {}</style>", "style element"),
        ('<script nonce="a">x()</script>', "script without src"),
    ),
)
def test_a_page_holds_nothing_inline(tag: str, name: str) -> None:
    path = "portico/clients/templates/clients/people.html"
    number = 1 + tag.count("\n")

    assert found(path, tag) == [f"{path}:{number}: inline {name}"]


@pytest.mark.parametrize(
    "tag",
    (
        '<script src="/static/app.js" defer></script>',
        '{{ button(_("Save"), style="primary") }}',
        "{# style= #}<p data-once='a'>",
    ),
)
def test_a_page_may_name_scripts_and_use_macros(tag: str) -> None:
    assert found("portico/clients/templates/clients/people.html", tag) == []


def test_a_mail_may_carry_its_styles() -> None:
    path = "portico/notifications/templates/notifications/mails/invitation.html"

    assert found(path, '<p style="color: red">') == []
