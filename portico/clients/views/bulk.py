"""Change many records in one way: asked once, previewed where it matters, undone as one act."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import F
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from portico.clients.actions.bulk import (
    RECORDS,
    Outcome,
    apply,
    extended_end,
    keep_outcome,
    start_bulk_change,
)
from portico.clients.choices import BACKGROUND_FROM
from portico.clients.filters import OrganizationFilter, PersonFilter
from portico.clients.filters.saved import with_view
from portico.clients.forms.bulk import EXTENSION, MANAGER, OWN_MANAGER, TAGS, BulkQuestion
from portico.clients.forms.selections import fields_of, selection_of
from portico.clients.models import require_all_found
from portico.clients.querysets import chosen
from portico.clients.views.answers import ask, back_of, go_to
from portico.kit.actors import Actor
from portico.kit.errors import NotThere, Refused
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, page
from portico.kit.selection import Selection
from portico.operations.models import Operation
from portico.ui.toasts import link_toast, undo_toast
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission
from portico.workspaces.presets import uses_membership_ends

PREVIEWED = 50
FILTERS: Mapping[str, type[OrganizationFilter] | type[PersonFilter]] = {
    "organizations": OrganizationFilter,
    "people": PersonFilter,
}


@dataclass(frozen=True, kw_only=True)
class BulkVerb:
    """Something that can be done to the chosen rows of a list.

    `name` is `<records>.<verb>`: the name of its view and of its act. Texts take how many records
    are meant. Without a question it acts at once. `preview(rows, arguments)` shows what will
    become of the first of them. `is_used` says whether this workspace has what it changes; `is_for`
    whether it stands in the bar of a list that is narrowed by these fields to these values.
    `is_for_archived` None: for archived rows and others alike. `start(actor, selection,
    arguments)` instead of an act of that name leaves something to the worker and changes nothing.
    `hint` is what else the question says of so many, or "".
    """

    name: str
    permissions: Sequence[str]
    label: Callable[[], str]
    icon: str
    question: BulkQuestion | None
    title: Callable[[int], str]
    verb: Callable[[int], str]
    done: Callable[[int], str] | None = None
    preview: Callable[[Any, Mapping[str, Any]], list[tuple[str, Any, Any]]] | None = None
    is_for_archived: bool | None = False
    is_undoable: bool = True
    is_used: Callable[[], bool] | None = None
    is_for: Callable[[Mapping[str, Any]], bool] | None = None
    start: Callable[[Actor, Selection, Mapping[str, Any]], Operation] | None = None
    hint: Callable[[int], str] | None = None

    @property
    def records(self) -> str:
        """organizations or people."""
        return self.name.partition(".")[0]


_verbs: dict[str, BulkVerb] = {}


def add_bulk_verb(verb: BulkVerb) -> None:
    """Add a verb to the bar under a list; a second one of the same name replaces it."""
    _verbs[verb.name] = verb


def shown_verbs(
    actor: Any, records: str, *, is_archived: bool, narrowed: Mapping[str, Any]
) -> list[dict[str, str]]:
    """The verbs that this actor gets under a list, with their words and addresses."""
    return [
        {"label": verb.label(), "url": reverse(verb.name), "icon": verb.icon}
        for verb in _verbs.values()
        if verb.records == records
        and actor.may(*verb.permissions)
        and verb.is_for_archived in {None, is_archived}
        and (verb.is_for is None or verb.is_for(narrowed))
        and (verb.is_used is None or verb.is_used())
    ]


def bulk_urls() -> list[URLPattern]:
    """The addresses of all verbs: /organizations/tag/ ..."""
    return [path(_address_of(verb), _view_of(verb), name=verb.name) for verb in _verbs.values()]


def _address_of(verb: BulkVerb) -> str:
    return f"{verb.name.replace('.', '/').replace('_', '-')}/"


def rows_meant(actor: Any, selection: Selection, *, records: str) -> Any:
    """The visible rows that are meant; "all" applies the view and the filters of the list again.

    Read strictly: a filter that means nothing any more would widen what is changed.
    """
    visible = RECORDS[records].objects.visible_to(actor)
    if not selection.is_all:
        return chosen(visible, selection)
    grammar = FILTERS[records]
    parameters = with_view(actor, grammar.subject, selection.filters)
    return grammar.read_strictly(parameters, me=actor.user_id).of(visible)


def start_in_background(
    request: Any, act: str, rows: Any, *, title: str, arguments: Mapping[str, Any]
) -> HttpResponse:
    """Leave the change to the worker and go to its page, with progress and Cancel."""
    operation = start_bulk_change(request.actor, act, rows, title=title, arguments=arguments)
    return _go_to_work(request, operation)


def _go_to_work(request: Any, operation: Operation) -> HttpResponse:
    return go_to(request, reverse("operations.show", kwargs={"operation_id": operation.pk}))


def _view_of(verb: BulkVerb) -> Callable[..., HttpResponse]:
    def answer(request: Any) -> HttpResponse:
        return _change(request, verb)

    declare = page(verb.name, Audience.AGENT, permissions=tuple(verb.permissions), writes=True)
    return declare(once(answer))


def _change(request: Any, verb: BulkVerb) -> HttpResponse:
    """Ask with the exact number; with `confirmed`, do it, in the background when it is much."""
    if verb.is_used is not None and not verb.is_used():
        raise NotThere
    sent = request.POST if request.method == "POST" else request.GET
    selection = selection_of(sent)
    rows = rows_meant(request.actor, selection, records=verb.records)
    count = rows.count()
    require_all_found(request.actor, selection, model=RECORDS[verb.records], found=count)
    if not _is_answered(request, verb):
        return _ask(request, verb, rows, count=count)
    is_preview = sent.get("confirmed") == "preview"
    try:
        arguments = verb.question.read(sent) if verb.question else {}
        if is_preview or _is_another(verb, arguments, sent=sent):
            return _ask(request, verb, rows, count=count, arguments=arguments)
        if verb.start is not None:
            return _go_to_work(request, verb.start(request.actor, selection, arguments))
        if count > BACKGROUND_FROM:
            return start_in_background(
                request, verb.name, rows, title=verb.verb(count), arguments=arguments
            )
        outcome = apply(request.actor, verb.name, rows, arguments=arguments)
    except Refused as refused:
        told = None if is_preview else refused
        return _ask(request, verb, rows, count=count, refused=told)
    _tell(request, verb, outcome, found=count)
    return go_to(request, back_of(sent, selection, records=verb.records))


def _is_answered(request: Any, verb: BulkVerb) -> bool:
    """Looking alone never changes anything; what is not asked about is meant when it is sent."""
    if request.method != "POST":
        return False
    return verb.question is None or request.POST.get("confirmed") in {"1", "preview"}


def _is_another(verb: BulkVerb, arguments: Mapping[str, Any], *, sent: Mapping[str, Any]) -> bool:
    """Whether something else was chosen than what the preview showed: it is shown again first."""
    previewed = sent.get("previewed")
    return verb.preview is not None and bool(previewed) and previewed != _shown_as(arguments)


def _shown_as(arguments: Mapping[str, Any] | None) -> str:
    return orjson.dumps(arguments, option=orjson.OPT_SORT_KEYS).decode()


def _proposed(verb: BulkVerb, sent: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the question stands at when it is put, so that the preview stands there at once."""
    if verb.preview is None or verb.question is None:
        return None
    try:
        return verb.question.read(verb.question.shown(sent))
    except Refused:
        return None


def _ask(
    request: Any,
    verb: BulkVerb,
    rows: Any,
    *,
    count: int,
    arguments: Mapping[str, Any] | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    arguments = arguments or _proposed(verb, sent)
    context = {
        **(verb.question.shown(sent) if verb.question else {}),
        "question_template": verb.question.template if verb.question else "",
        "title": verb.title(count),
        "verb": verb.verb(count),
        "hint": verb.hint(count) if verb.hint else "",
        "preview": verb.preview(rows, arguments) if arguments and verb.preview else [],
        "previewed": _shown_as(arguments) if verb.preview else None,
        "is_more": count > PREVIEWED,
        "action_url": reverse(verb.name),
        "back_url": back_of(sent, selection_of(sent), records=verb.records),
        "fields": fields_of(sent),
        "problem": refused.detail if refused else "",
        "menu_url": reverse(f"{verb.records}.list"),
        "menu_label": say("Organizations") if verb.records == "organizations" else say("People"),
    }
    return ask(request, "clients/bulk/question", context, status=refused.status if refused else 200)


def _tell(request: Any, verb: BulkVerb, outcome: Outcome, *, found: int) -> None:
    text = verb.done(outcome.done) if verb.done else ""
    if outcome.skipped:
        first = outcome.skipped[0]
        more = len(outcome.skipped) - 1
        text += " " + _("%(name)s: %(reason)s") % {"name": first.name, "reason": first.reason}
        text += (" " + _("And %(n)s more.") % {"n": more}) if more else ""
    links = _to_skipped(request, verb, outcome, found=found)
    if outcome.done and verb.is_undoable:
        undo_toast(request, text, links=links)
    else:
        link_toast(request, text, links)


def _to_skipped(
    request: Any, verb: BulkVerb, outcome: Outcome, *, found: int
) -> tuple[tuple[str, str], ...]:
    """The way to those that stayed: to the only one, else to all with their reasons (case 54)."""
    if not outcome.skipped:
        return ()
    if len(outcome.skipped) == 1:
        [only] = outcome.skipped
        address = reverse(f"{verb.records}.show", kwargs={"id": only.id})
        return ((_("Show %(name)s") % {"name": only.name}, address),)
    kept = keep_outcome(request.actor, verb.name, outcome, title=verb.verb(found), found=found)
    label = _("Show the %(n)s") % {"n": len(outcome.skipped)}
    return ((label, reverse("operations.show", kwargs={"operation_id": kept.pk})),)


def _preview_extension(rows: Any, arguments: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [
        (row.name, row.membership_end_date, extended_end(row.membership_end_date, arguments))
        for row in rows.order_by(F("membership_end_date").asc(nulls_last=True), "name_key")[
            :PREVIEWED
        ]
    ]


_MANAGING = (Permission.VIEW_CLIENTS, Permission.MANAGE_CLIENT_ORGANIZATIONS)
add_bulk_verb(
    BulkVerb(
        name="organizations.tag",
        permissions=_MANAGING,
        label=lambda: _("Tag"),
        icon="tag",
        question=TAGS,
        title=lambda n: say_n("Tag %(n)s organization", "Tag %(n)s organizations", n),
        verb=lambda n: say_n("Tag %(n)s organization", "Tag %(n)s organizations", n),
        done=lambda n: say_n("%(n)s organization tagged.", "%(n)s organizations tagged.", n),
    )
)
add_bulk_verb(
    BulkVerb(
        name="organizations.assign",
        permissions=_MANAGING,
        label=lambda: _("Assign manager"),
        icon="user-star",
        question=MANAGER,
        title=lambda n: say_n(
            "Assign a manager to %(n)s organization", "Assign a manager to %(n)s organizations", n
        ),
        verb=lambda n: say_n("Assign to %(n)s organization", "Assign to %(n)s organizations", n),
        done=lambda n: say_n(
            "Manager of %(n)s organization changed.", "Managers of %(n)s organizations changed.", n
        ),
    )
)
add_bulk_verb(
    BulkVerb(
        name="organizations.extend",
        permissions=_MANAGING,
        label=lambda: _("Extend"),
        icon="calendar-plus",
        question=EXTENSION,
        title=lambda n: say_n(
            "Extend the membership of %(n)s organization",
            "Extend the membership of %(n)s organizations",
            n,
        ),
        verb=lambda n: say_n("Extend %(n)s membership", "Extend %(n)s memberships", n),
        done=lambda n: say_n("%(n)s membership extended.", "%(n)s memberships extended.", n),
        preview=_preview_extension,
        is_used=uses_membership_ends,
    )
)
add_bulk_verb(
    BulkVerb(
        name="people.tag",
        permissions=(Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS),
        label=lambda: _("Tag"),
        icon="tag",
        question=TAGS,
        title=lambda n: say_n("Tag %(n)s person", "Tag %(n)s people", n),
        verb=lambda n: say_n("Tag %(n)s person", "Tag %(n)s people", n),
        done=lambda n: say_n("%(n)s person tagged.", "%(n)s people tagged.", n),
    )
)
add_bulk_verb(
    BulkVerb(
        name="people.assign",
        permissions=(Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS),
        label=lambda: _("Assign manager"),
        icon="user-star",
        question=OWN_MANAGER,
        title=lambda n: say_n(
            "Assign a manager to %(n)s person", "Assign a manager to %(n)s people", n
        ),
        verb=lambda n: say_n("Assign to %(n)s person", "Assign to %(n)s people", n),
        done=lambda n: say_n(
            "Manager of %(n)s person changed.", "Managers of %(n)s people changed.", n
        ),
    )
)
