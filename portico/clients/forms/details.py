"""Fields of a record that are edited in place: how each reads, what its small form holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from portico.clients.choices import PropertyKind
from portico.clients.forms.problems import as_text
from portico.clients.models import CustomProperty
from portico.kit.dates import today_in
from portico.kit.days import read_day
from portico.kit.errors import Refused
from portico.kit.parting import listed
from portico.kit.tenancy.scope import current_scope
from portico.ui.formats import current_formats, format_date

TEXT, LINK, MAIL, DAY, FLAG, TAGS, AGENT, AGENTS, ADDRESS, LINES, CHOICE, CHOICES = (
    *("text", "link", "mail", "day", "flag", "tags", "agent", "agents", "address", "lines"),
    *("choice", "choices"),
)
YES, NO = "1", "0"
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One field: its name in the action, its words, how it reads and what its inputs hold.

    `inputs` maps each field of the action to the text (or texts) that the form holds; `counted`
    is the stored day that "+1y" counts from.
    """

    name: str
    label: str
    kind: str = TEXT
    text: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    options: Options = ()
    tags: Sequence[tuple[str, str]] = ()
    url: str = ""
    note: str = ""
    is_number: bool = False
    is_required: bool = False
    counted: Any = None

    @property
    def key(self) -> str:
        """The name as part of an element's id."""
        return self.name.replace(".", "-")

    @property
    def lines(self) -> list[str]:
        """The text line by line."""
        return self.text.splitlines()

    def posted(self, sent: QueryDict) -> dict[str, Any]:
        """What was typed into its inputs."""
        if self.kind in {AGENTS, CHOICES}:
            return {name: sent.getlist(name) for name in self.inputs}
        return {name: sent.get(name, "") for name in self.inputs}

    def opened_with(self, sent: QueryDict) -> dict[str, Any]:
        """What the inputs held when the form was opened."""
        opened = {name: sent.get(f"initial-{name}", "") for name in self.inputs}
        if self.kind in {AGENTS, CHOICES}:
            return {
                name: [part for part in text.split("\n") if part] for name, text in opened.items()
            }
        return opened

    def fields(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """What the action takes. Raises Refused("invalid_date") at the field."""
        if self.kind == FLAG:
            return {name: text == YES if text else None for name, text in typed.items()}
        if self.kind == DAY:
            return {name: self._day(text) for name, text in typed.items()}
        return dict(typed)

    def _day(self, text: str) -> Any:
        try:
            return typed_day(text, counted_from=self.counted)
        except Refused as refused:
            raise Refused(refused.code, refused.detail, field=self.name) from refused


def typed_day(text: str, *, counted_from: Any = None) -> Any:
    """The day that the present reader typed; None for nothing. Raises Refused("invalid_date")."""
    if not text.strip():
        return None
    return read_day(
        text,
        order=current_formats().order,
        today=today_in(current_scope().time_zone),
        counted_from=counted_from,
    )


def day_or_text(text: Any, *, counted_from: Any = None) -> Any:
    """What the action takes of a typed day; what can't be read goes on as it is, to be refused."""
    try:
        return typed_day(str(text), counted_from=counted_from)
    except Refused:
        return text


def text_detail(name: str, label: str, *, value: str, **more: Any) -> Detail:
    """A field of one line."""
    return Detail(name=name, label=label, text=value, inputs={name: value}, **more)


def day_detail(name: str, label: str, *, value: Any, **more: Any) -> Detail:
    """A day in the reader's own format."""
    text = format_date(value)
    return Detail(
        name=name,
        label=label,
        kind=DAY,
        text=text,
        inputs={name: text},
        counted=value,
        is_number=True,
        **more,
    )


def flag_detail(name: str, label: str, *, value: bool | None, is_optional: bool = False) -> Detail:
    """Yes or no."""
    texts = {YES: _("Yes"), NO: _("No")}
    key = "" if value is None else (YES if value else NO)
    options = [*([("", _("Empty"))] if is_optional else []), *texts.items()]
    return Detail(
        name=name,
        label=label,
        kind=FLAG,
        text=texts.get(key, ""),
        inputs={name: key},
        options=options,
    )


def property_detail(definition: CustomProperty, stored: Any) -> Detail:
    """A custom property, by its kind."""
    name, label = f"property.{definition.key}", definition.label
    if definition.kind == PropertyKind.YES_NO:
        return flag_detail(name, label, value=stored, is_optional=True)
    if definition.kind == PropertyKind.DATE:
        return day_detail(name, label, value=_date(stored))
    choices = [(choice, choice) for choice in definition.choices]
    if definition.kind == PropertyKind.CHOICES:
        held = list(stored or [])
        kept = [(choice, choice) for choice in held if choice not in definition.choices]
        return Detail(
            name=name,
            label=label,
            kind=CHOICES,
            text=listed(held),
            inputs={name: held},
            options=[*choices, *kept],
        )
    text = as_text(stored)
    if definition.kind == PropertyKind.CHOICE:
        kept = [(text, text)] if text and text not in definition.choices else []
        options = [("", _("Empty")), *choices, *kept]
        return text_detail(name, label, value=text, kind=CHOICE, options=options)
    kinds: dict[str, str] = {PropertyKind.URL: LINK, PropertyKind.EMAIL: MAIL}
    is_number = definition.kind == PropertyKind.NUMBER
    kind = kinds.get(definition.kind, TEXT)
    return text_detail(
        name, label, value=text, kind=kind, is_number=is_number, url=_url(kind, text)
    )


def _url(kind: str, text: str) -> str:
    if not text or kind == TEXT:
        return ""
    return f"mailto:{text}" if kind == MAIL else text


def _date(stored: Any) -> Any:
    return read_day(stored, order="ymd", today=today_in("UTC")) if stored else None
