"""The Jinja2 environment of every page of ours, and the functions that templates may call."""

import hashlib
import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext, ngettext, npgettext, pgettext
from django.utils.translation.trans_real import catalog
from jinja2 import Environment, pass_eval_context, select_autoescape
from jinja2.compiler import CodeGenerator
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from portico.kit.routes import address_of
from portico.ui.formats import ago, format_date, format_datetime, format_time
from portico.ui.hits import hits
from portico.ui.keeping import KeptParts
from portico.ui.toasts import toast_of
from portico.ui.words import say, say_n

HUES = 8
_escaped_signs = re.compile("[&<>\"']").search
_OF_MAPPINGS = frozenset(dir(dict))


def written(value: Any) -> str:
    """A value as it stands in HTML: escaped, unless it is markup already.

    Most texts have nothing to escape; `escape` makes a Markup of each, which a page that only
    joins its parts does not need.
    """
    if type(value) is str and _escaped_signs(value) is None:
        return value
    if type(value) is int:
        return str(value)
    return escape(value)


class PageCode(CodeGenerator):
    """Jinja's compiler; what a page prints goes through `written`, which costs a third."""

    def _output_child_pre(self, *given: Any) -> None:
        _node, frame, finalize = given
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(*given)
        else:
            self.write("environment.written(")


class PageEnvironment(Environment):
    """Jinja's environment, with short ways for what a list does thousands of times on a page."""

    code_generator_class = PageCode
    written = staticmethod(written)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Ask a mapping for its key first; Jinja comes to it by way of an exception.

        Its methods go before keys as ever: a property may be called "Get", a parameter "items".
        """
        if type(obj) is dict and attribute in obj and attribute not in _OF_MAPPINGS:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """One plain mapping; Jinja's own is layered, and every import compares its names."""
        return {**self.globals, **(d or {})}


def environment(**options: Any) -> Environment:
    """Build the environment; called by Django's Jinja2 backend."""
    options["autoescape"] = select_autoescape(["html"])
    ours = ["jinja2.ext.i18n", "jinja2.ext.do", KeptParts]
    options["extensions"] = [*options.get("extensions", ()), *ours]
    options["trim_blocks"] = True
    options["lstrip_blocks"] = True
    env = PageEnvironment(**options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals.update(_=translate, gettext=translate)
    # As filters these are called at once; a function in a template is first asked what it wants.
    env.filters.update(
        toast_of=toast_of,
        hue=hue,
        initials=initials,
        ago=ago,
        day=format_date,
        moment=format_datetime,
        url_of=url_of,
    )
    env.globals.update(
        url=url,
        static=static,
        say=say,
        say_n=say_n,
        icon=icon,
        hue=hue,
        initials=initials,
        query=query,
        hits=hits,
        format_date=format_date,
        format_datetime=format_datetime,
        format_time=format_time,
        ago=ago,
    )
    return env


@pass_eval_context
def translate(context: EvalContext, message: str, /, **variables: Any) -> str:
    """`_()` of the templates; a text without variables is translated and marked once."""
    is_safe = bool(context.autoescape)
    if not variables:
        return _plain(catalog(), message, is_safe=is_safe)
    return _translated(catalog(), message, is_safe=is_safe) % variables


@lru_cache(maxsize=4096)
def _translated(spoken: Any, message: str, *, is_safe: bool) -> str:
    """`spoken` is the catalog that Django speaks from now: what is kept belongs to it."""
    text = gettext(message)
    return Markup(text) if is_safe else text  # noqa: S704 - our own catalog


@lru_cache(maxsize=4096)
def _plain(spoken: Any, message: str, *, is_safe: bool) -> str:
    return _translated(spoken, message, is_safe=is_safe) % {}


def url(name: str, **kwargs: Any) -> str:
    """The address of a view; a list asks for the same one once per row."""
    if not kwargs:
        return address_of(name)
    record_id = kwargs.get("id")
    if len(kwargs) == 1 and isinstance(record_id, UUID):
        return address_of(name, record_id)
    return reverse(name, kwargs=kwargs)


def url_of(record_id: UUID, name: str) -> str:
    """The address of a record's view, as a filter."""
    return address_of(name, record_id)


@lru_cache(maxsize=512)
def icon(name: str, size: int = 16, label: str = "") -> Markup:
    """An icon out of the sprite; an icon that stands alone has a label."""
    naming = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 - name and size come from our own templates, the label is escaped
        f'<svg class="p-icon p-icon-{size}" width="{size}" height="{size}" {naming}>'
        f'<use href="{static("ui/icons.svg")}#{name}"></use></svg>'
    )


@lru_cache(maxsize=4096)
def hue(key: object) -> str:
    """One of eight class names, the same for one record for ever."""
    digest = hashlib.blake2b(str(key).encode(), digest_size=2).digest()
    return f"p-hue-{int.from_bytes(digest) % HUES}"


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Up to two letters that stand for a name or an address."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "·"
    letters = words[0][0] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def query(request: HttpRequest, **changes: Any) -> str:
    """The present query string with some parameters changed; None takes one away."""
    parameters = request.GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value is not None:
            parameters[name] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else request.path
