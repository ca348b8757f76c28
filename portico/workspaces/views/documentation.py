"""The documentation inside the product: the pages of `docs/`, offline and of this very version."""

from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from markupsafe import Markup

import portico
from portico.kit.errors import NotThere
from portico.kit.markdown import html_of
from portico.kit.policies import Audience, page
from portico.ui.pages import render

START = "README"
_PACKAGE = Path(portico.__file__).parent
# The wheel carries the pages inside the package; a checkout has them beside it.
_FOLDERS = (_PACKAGE / "documentation", _PACKAGE.parent / "docs")


@page("documentation", Audience.AGENT)
def start(request: Any) -> HttpResponse:
    """What there is to read."""
    return _shown(request, START)


@page("documentation.page", Audience.AGENT)
def show(request: Any, file: str) -> HttpResponse:
    """One page; the `type` of every problem leads to the one of errors."""
    return _shown(request, file)


@page("documentation.picture", Audience.AGENT)
def picture(_request: Any, file: str) -> HttpResponse:
    """A picture of a page."""
    found = _files(".png").get(file)
    if found is None:
        raise NotThere
    return HttpResponse(found.read_bytes(), content_type="image/png")


def _shown(request: Any, name: str) -> HttpResponse:
    found = _files(".md").get(name)
    if found is None:
        raise NotThere
    text = found.read_text(encoding="utf-8")
    context = {
        # Made of our own pages, everything in them escaped.
        "text": Markup(html_of(text, address=_address)),  # noqa: S704
        "is_start": name == START,
    }
    return render(request, "workspaces/documentation.html", context)


@cache
def _files(ending: str) -> dict[str, Path]:
    """The files of this ending by their name; each name is there once."""
    folder = next((folder for folder in _FOLDERS if folder.is_dir()), None)
    return (
        {} if folder is None else {path.stem: path for path in sorted(folder.rglob(f"*{ending}"))}
    )


def _address(target: str) -> str:
    """Where a link of a page leads inside the product; files that only a checkout has: nowhere."""
    path, _mark, anchor = target.partition("#")
    if "://" in path or not path:
        return target
    name, ending = PurePosixPath(path).stem, PurePosixPath(path).suffix
    if name not in _files(ending):
        return ""
    if ending == ".png":
        return reverse("documentation.picture", kwargs={"file": name})
    is_start = name == START
    shown = reverse("documentation") if is_start else reverse("documentation.page", args=[name])
    return f"{shown}#{anchor}" if anchor else shown
