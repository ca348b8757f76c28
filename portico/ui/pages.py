"""Answering with a page, or with one named block of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy


def render(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A whole page."""
    loaded = engines["jinja2"].get_template(template)
    return HttpResponse(loaded.render(context or {}, request), status=status)


def render_block(
    request: HttpRequest, template: str, block: str, context: dict[str, Any]
) -> HttpResponse:
    """One block of a page, for htmx to swap in; the backend's own values are passed along."""
    engine: Any = engines["jinja2"]
    loaded = engine.env.get_template(template)
    values: dict[str, Any] = {
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }
    for processor in engine.template_context_processors:
        values.update(processor(request))
    page = loaded.new_context({**values, **context})
    return HttpResponse("".join(loaded.blocks[block](page)))
