"""Merge two records on one page."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.managing import agent_names
from portico.clients.actions.merging import (
    MUST_BE_CHOSEN,
    FieldPlan,
    MergePlan,
    merge_organizations,
    merge_people,
    preview_organizations,
    preview_people,
)
from portico.clients.cleaning import PROPERTY_PREFIX
from portico.clients.models import CustomProperty
from portico.clients.views.answers import go_to
from portico.clients.views.organizations import find_organization
from portico.clients.views.people import find_person
from portico.history.reports import field_label
from portico.kit.errors import NeedsConfirmation, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.ids import parse_id
from portico.kit.parting import listed
from portico.kit.policies import Audience, page
from portico.ui.formats import format_date
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.presets import uses_membership_ends

TEMPLATE = "clients/merge.html"
CHOICE = "choice."


@dataclass(frozen=True, kw_only=True)
class MergePage:
    """What the page of one kind of record needs."""

    records: str
    title: Callable[[], str]
    list_label: Callable[[], str]
    choose: Callable[[], str]
    missing: Callable[[], str]
    find: Callable[[Any, UUID], Any]
    preview: Callable[..., MergePlan]
    merge: Callable[..., MergePlan]


ORGANIZATION_PAGE = MergePage(
    records="organizations",
    title=lambda: say("Merge organizations"),
    list_label=lambda: say("Organizations"),
    choose=lambda: say("The other organization"),
    missing=lambda: say("Choose the other organization."),
    find=find_organization,
    preview=preview_organizations,
    merge=merge_organizations,
)
PERSON_PAGE = MergePage(
    records="people",
    title=lambda: say("Merge people"),
    list_label=lambda: say("People"),
    choose=lambda: say("The other person"),
    missing=lambda: say("Choose the other person."),
    find=find_person,
    preview=preview_people,
    merge=merge_people,
)


@page(
    "organizations.merge",
    Audience.AGENT,
    permissions=(
        Permission.VIEW_CLIENTS,
        Permission.DELETE_CLIENTS,
        Permission.MANAGE_CLIENT_ORGANIZATIONS,
    ),
    writes=True,
)
@once
def organization_merge(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Choose the other organization, see what stays, merge."""
    return _answer(request, ORGANIZATION_PAGE, id)


@page(
    "people.merge",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.DELETE_CLIENTS, Permission.EDIT_CLIENTS),
    writes=True,
)
@once
def person_merge(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Choose the other person, see what stays, merge."""
    return _answer(request, PERSON_PAGE, id)


def _answer(request: Any, kind: MergePage, key: UUID) -> HttpResponse:
    survivor = kind.find(request.actor, key)
    sent = request.POST if request.method == "POST" else request.GET
    source_id = parse_id(sent.get("source", ""))
    if source_id is None:
        # Compare without a choice sends the field empty; the first look has no such field.
        is_missing = request.method == "POST" or "source" in sent
        errors = [kind.missing()] if is_missing else []
        return _ask_other(request, kind, survivor, errors=errors, status=422 if errors else 200)
    choices = _choices(sent)
    if request.method != "POST":
        return _show(request, kind, survivor, asked=(source_id, choices))
    return _merge(request, kind, survivor, asked=(source_id, choices))


def _merge(
    request: Any, kind: MergePage, survivor: Any, *, asked: tuple[UUID, dict[str, str]]
) -> HttpResponse:
    source_id, choices = asked
    try:
        plan = kind.merge(
            request.actor,
            survivor.pk,
            source_id,
            choices=choices,
            confirm=request.POST.getlist("confirm"),
            versions=_versions(request.POST),
        )
    except (Refused, Stale) as refused:
        return _show(request, kind, survivor, asked=asked, refused=refused)
    names = {"source": str(plan.source), "survivor": str(plan.survivor)}
    undo_toast(request, _("%(source)s merged into %(survivor)s.") % names)
    return go_to(request, reverse(f"{kind.records}.show", kwargs={"id": survivor.pk}))


def _ask_other(
    request: Any, kind: MergePage, survivor: Any, *, errors: list[str], status: int = 200
) -> HttpResponse:
    context = _shell(kind, survivor) | {"plan": None, "errors": errors, "label": kind.choose()}
    return render(request, TEMPLATE, context, status=status)


def _show(
    request: Any,
    kind: MergePage,
    survivor: Any,
    *,
    asked: tuple[UUID, dict[str, str]],
    refused: Refused | Stale | None = None,
) -> HttpResponse:
    """The preview: what each field and each number will be, and what stands against it."""
    source_id, choices = asked
    try:
        plan = kind.preview(request.actor, survivor.pk, source_id, choices=choices)
    except Refused as other:
        return _ask_other(request, kind, survivor, errors=[other.detail], status=other.status)
    problems = {row.field: row.message for row in getattr(refused, "errors", ())}
    warnings = refused.errors if isinstance(refused, NeedsConfirmation) else ()
    context = _shell(kind, survivor) | {
        "plan": plan,
        "names": _told_apart(plan.survivor, plan.source),
        "fields": _fields(plan, problems),
        "sums": [(rows.part.label, rows) for rows in plan.shown_rows],
        "notices": _notices(plan, refused),
        "warnings": warnings,
        "confirm": sorted(
            {*request.POST.getlist("confirm"), *(warning.code for warning in warnings)}
        ),
        "swap_url": reverse(f"{kind.records}.merge", kwargs={"id": plan.source.pk})
        + f"?source={survivor.pk}",
        "source_url": reverse(f"{kind.records}.show", kwargs={"id": plan.source.pk}),
    }
    status = refused.status if refused else 200
    return render(request, TEMPLATE, context, status=409 if status == 412 else status)


def _told_apart(survivor: Any, source: Any) -> dict[str, str]:
    """How the two are called; of two that have one name, by what else tells them apart."""
    names = {"survivor": str(survivor), "source": str(source)}
    if names["survivor"] != names["source"]:
        return names
    beside = {
        side: getattr(record, "email", "") or record.reference
        for side, record in (("survivor", survivor), ("source", source))
    }
    return {
        side: f"{name} ({beside[side]})" if beside[side] else name for side, name in names.items()
    }


def _shell(kind: MergePage, survivor: Any) -> dict[str, Any]:
    return {
        "title": kind.title(),
        "survivor": survivor,
        "survivor_url": reverse(f"{kind.records}.show", kwargs={"id": survivor.pk}),
        "action_url": reverse(f"{kind.records}.merge", kwargs={"id": survivor.pk}),
        "choices_url": reverse(f"{kind.records}.choices"),
        "list_url": reverse(f"{kind.records}.list"),
        "list_label": kind.list_label(),
        "is_person": kind.records == "people",
    }


def _choices(sent: Any) -> dict[str, str]:
    """`choice.<field>` = survivor or source; what was not chosen is left to the plan."""
    return {
        name.removeprefix(CHOICE): value
        for name, value in sent.items()
        if name.startswith(CHOICE) and value
    }


def _versions(sent: Any) -> tuple[int, int] | None:
    given = [sent.get(name, "") for name in ("survivor_version", "source_version")]
    if not all(text.isdecimal() and len(text) < 10 for text in given):
        return (0, 0)
    return int(given[0]), int(given[1])


def _notices(plan: MergePlan, refused: Refused | Stale | None) -> list[str]:
    notices = []
    if isinstance(refused, Stale):
        notices.append(_("One of the two was changed meanwhile. This is what a merge does now."))
    elif refused is not None and not isinstance(refused, NeedsConfirmation):
        notices.append(refused.detail)
    return notices


def _fields(plan: MergePlan, problems: dict[str, str]) -> list[dict[str, Any]]:
    """The fields in which the two differ, as the page shows them."""
    labels = dict(CustomProperty.objects.filter(subject=plan.subject).values_list("key", "label"))
    differing = [
        field for field in plan.fields if field.survivor != field.source and _is_spoken_of(field)
    ]
    agents = [
        side
        for field in differing
        if field.name == "account_manager"
        for side in (field.survivor, field.source)
    ]
    names = agent_names(agents) if agents else {}
    return [
        {
            "name": f"{CHOICE}{field.name}",
            "label": _label(plan, field.name, labels=labels),
            "survivor": _shown(field.name, field.survivor, agents=names),
            "source": _shown(field.name, field.source, agents=names),
            "taken": field.taken or "",
            "is_fixed": field.is_fixed,
            "error": problems.get(field.name, ""),
        }
        for field in differing
    ]


def _is_spoken_of(field: FieldPlan) -> bool:
    return field.name not in MUST_BE_CHOSEN or uses_membership_ends()


def _label(plan: MergePlan, name: str, *, labels: dict[str, str]) -> str:
    key = name.removeprefix(PROPERTY_PREFIX)
    if key != name:
        return labels.get(key, key)
    return field_label(plan.subject, name)


def _shown(name: str, value: Any, *, agents: Any) -> str:
    if name == "account_manager":
        return str(agents.get(value, ""))
    if name == "avatar":
        return _("A picture") if value else ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.date):
        return format_date(value)
    if isinstance(value, list):
        return listed([str(part) for part in value])
    return "" if value is None else str(value)
