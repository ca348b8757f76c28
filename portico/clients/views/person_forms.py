"""Create and edit a person."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.models import User
from portico.clients.actions.avatars import change_avatar
from portico.clients.actions.memberships import add_membership, move_person
from portico.clients.actions.organizations import create_organization
from portico.clients.actions.people import create_person, update_person
from portico.clients.forms.people import (
    EditPersonForm,
    NewPersonForm,
    offered_organizations,
    values_of,
)
from portico.clients.forms.problems import merged, show_problems
from portico.clients.forms.smart import lines_in, with_smart_field
from portico.clients.models import Person
from portico.clients.panels import shown_form_sections
from portico.clients.views.additions import added_one, save_people
from portico.clients.views.answers import ask, go_on_editing_or_to, tell_saved
from portico.clients.views.lost import keeps_typed
from portico.clients.views.people import find_person
from portico.history.models import Event
from portico.history.reports import latest
from portico.kit.addresses import email_key
from portico.kit.errors import FieldProblem, NeedsConfirmation, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.policies import Audience, Body, page
from portico.kit.tenancy.scope import current_scope
from portico.ui.pages import render
from portico.ui.words import say
from portico.workspaces.choices import Permission
from portico.workspaces.limits import people_hint

STEP_ORGANIZATION = "organization"
_FIELD_OF_NEW = {"name": "organization_name", "membership_end_date": "organization_end_date"}


@page(
    "people.new",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.CREATE_CLIENTS),
    writes=True,
    body=Body.AVATAR,
)
def person_new(request: Any) -> HttpResponse:
    """Create a person, with the organization on the spot if need be (S2.12). Ends on their page.

    The organization alone is created without a form token: its answer is the form again, which
    `once` would take for a refusal and undo.
    """
    if request.method != "POST":
        return _ask_new(request, NewPersonForm(actor=request.actor))
    request.POST = with_smart_field(request.POST)
    form = NewPersonForm(request.POST, actor=request.actor)
    is_step = request.POST.get("step") == STEP_ORGANIZATION
    texts = [] if is_step else lines_in(request.POST)
    try:
        if texts:
            return save_people(request, form, texts)
        return _add_organization(request, form) if is_step else _save_new(request, form)
    except Refused as refused:
        return _ask_new(request, form, refused=refused)


@once
def _save_new(request: Any, form: NewPersonForm) -> HttpResponse:
    person, told = _create(request, form)
    text = " ".join([say("%(name)s created.", name=person.display_name), *told])
    address = reverse("people.show", kwargs={"id": person.pk})
    return added_one(request, text, address, is_undoable=not told)


@page(
    "people.edit",
    Audience.AGENT,
    permissions=(Permission.VIEW_CLIENTS, Permission.EDIT_CLIENTS),
    writes=True,
    body=Body.AVATAR,
)
@keeps_typed("people")
@once
def person_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Change a person; when somebody else saved first, both values are shown."""
    person = find_person(request.actor, id)
    if request.method != "POST":
        return _ask_edit(request, person, EditPersonForm(initial=values_of(person), person=person))
    form = EditPersonForm(request.POST, initial=values_of(person), person=person)
    try:
        saved, has_moved = _save(request, form, person)
    except Stale as stale:
        return _ask_again(request, stale.current)
    except Refused as refused:
        show_problems(form, refused)
        return _ask_edit(request, person, form, refused=refused)
    tell_saved(
        request, saved.display_name, has_changed=has_moved or saved.version != person.version
    )
    if person.has_usable_password() and not saved.has_usable_password():
        text = _("A mail to the new address asks for it to be confirmed; then sign-in works again.")
        messages.info(request, text)
    return go_on_editing_or_to(request, reverse("people.show", kwargs={"id": id}))


@transaction.atomic
def _save(request: Any, form: EditPersonForm, person: Person) -> tuple[Person, bool]:
    """The fields, the avatar and the organization, all or nothing; whether they moved."""
    version = _version(request, person)
    saved = update_person(request.actor, person.pk, form.fields_to_save(), version=version)
    saved = _save_avatar(request, saved)
    new_place = form.organization_to_move_to(person)
    if new_place is None:
        return saved, False
    if form.initial["organization"]:
        move_person(request.actor, person.pk, new_place)
    else:
        add_membership(request.actor, person.pk, new_place)
    return saved, True


def _save_avatar(request: Any, person: Person) -> Person:
    """Keep the image that was sent, or remove the present one where that was ticked."""
    sent = request.FILES.get("avatar")
    if sent is None and not request.POST.get("remove_avatar"):
        return person
    content = sent.read() if sent is not None else None
    return change_avatar(request.actor, person.pk, content, version=person.version)


@transaction.atomic
def _create(request: Any, form: NewPersonForm) -> tuple[Person, list[str]]:
    """The person, a newly typed organization, and what the sections did: all or nothing."""
    organization_id = form.organization_id
    if organization_id is None and form.new_organization:
        organization_id = _create_organization(request, form)
    person = create_person(request.actor, form.fields_to_save(), organization_id=organization_id)
    person = _save_avatar(request, person)
    told = [
        section.action(request.actor, person, organization_id, request.POST)
        for section, _seen in shown_form_sections(request.actor, organization_id, request.POST)
    ]
    return person, [text for text in told if text]


def _create_organization(request: Any, form: NewPersonForm) -> UUID:
    """Create what was typed into the organization's fields; problems stand at those fields."""
    confirm = request.POST.getlist("confirm")
    try:
        created = create_organization(request.actor, form.new_organization, confirm=confirm)
    except NeedsConfirmation as warned:
        raise NeedsConfirmation(_moved(warned)) from warned
    except Refused as refused:
        raise Refused(refused.code, refused.detail, errors=_moved(refused)) from refused
    key: UUID = created.pk
    return key


def _moved(refused: Refused) -> list[FieldProblem]:
    return [
        FieldProblem(_FIELD_OF_NEW.get(row.field, row.field), row.code, row.message)
        for row in refused.errors
    ]


def _add_organization(request: Any, form: NewPersonForm) -> HttpResponse:
    """Create the organization alone and show the form again: it is chosen, the rest is kept."""
    if not form.new_organization:
        text = say("Enter the name of the organization.")
        raise Refused("blank", text, field="organization_name")
    created_id = _create_organization(request, form)
    kept = request.POST.copy()
    kept["organization"] = str(created_id)
    for name in ("organization_name", "organization_end_date", "confirm", "step"):
        kept.pop(name, None)
    request.POST = kept
    typed = {name: kept.get(name, "") for name in form.fields}
    again = NewPersonForm(initial=typed, actor=request.actor)
    return _ask_new(request, again)


def _ask_new(request: Any, form: NewPersonForm, *, refused: Refused | None = None) -> HttpResponse:
    actor = request.actor
    warnings = refused.errors if isinstance(refused, NeedsConfirmation) else ()
    if refused is not None and not warnings:
        show_problems(form, refused)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = asked.get("organization", "")
    offered = offered_organizations(actor, chosen)
    if request.method != "POST" and len(offered) == 1:
        chosen = offered[0][0]
    settings = current_scope().settings
    context = {
        "form": form,
        "warnings": warnings,
        "confirm": sorted({*request.POST.getlist("confirm"), *(row.code for row in warnings)}),
        "organizations": offered,
        "chosen_organization": chosen,
        "organization_hint": _organization_hint(offered),
        "needs_email": settings["email_required"],
        "holder": _holder(request, refused),
        "limit_hint": people_hint(),
        "sections": shown_form_sections(actor, form.organization_id, _posted(request)),
        "is_creating_organization": "organization_name" in form.errors
        or bool(warnings)
        or not offered,
        "smart": asked.get("smart", ""),
        "smart_read": request.POST.get("smart_read", ""),
    }
    status = refused.status if refused else 200
    return ask(request, "clients/people/new", context, status=status)


def _organization_hint(offered: list[tuple[str, str]]) -> str | None:
    """What to know before choosing: that there is none to choose (S2.75), or no need to."""
    if not offered:
        return say("There is no organization yet.")
    return None if current_scope().settings["organization_required"] else _("May stay empty.")


def _posted(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _holder(request: Any, refused: Refused | None) -> Person | None:
    """Who has the address that was refused as in use, for the way to them (edge case 4)."""
    if refused is None or all(row.code != "email_in_use" for row in refused.errors):
        return None
    key = email_key(request.POST.get("email", ""))
    known = User.objects.with_address(key).values_list("pk", "merged_into_id").first()
    if known is None:
        return None
    people = Person.objects.visible_to(request.actor)
    found: Person | None = people.filter(pk=known[1] or known[0]).first()
    return found


def _ask_edit(
    request: Any, person: Person, form: EditPersonForm, *, refused: Refused | None = None
) -> HttpResponse:
    context = {
        "form": form,
        "person": person,
        "version": request.POST.get("version") or person.version,
        "needs_email": current_scope().settings["email_required"],
        "clashes": {},
        "holder": _holder(request, refused),
        "organizations": _organizations(request, form),
    }
    status = refused.status if refused else 200
    return render(request, "clients/people/edit.html", context, status=status)


def _ask_again(request: Any, current: Person) -> HttpResponse:
    """The form after a clash; see the one of organizations."""
    values = values_of(current)
    kept, clashes = merged(request.POST, values)
    change = latest(Event.objects.all(), ["person.updated", "person.archived"], about=current.pk)
    form = EditPersonForm(kept, initial=values, person=current)
    context = {
        "form": form,
        "organizations": _organizations(request, form),
        "person": current,
        "version": current.version,
        "needs_email": current_scope().settings["email_required"],
        "clashes": clashes,
        "is_stale": True,
        "other_name": change.actor_name if change else "",
        "was_archived": change is not None and change.kind == "person.archived",
    }
    return render(request, "clients/people/edit.html", context, status=409)


def _organizations(request: Any, form: EditPersonForm) -> list[tuple[str, str]]:
    """What can be chosen; the present one stands in it even where nobody new is put into it."""
    chosen = str(form["organization"].value() or "")
    offered = offered_organizations(request.actor, chosen)
    present = form.initial["organization"]
    is_there = not present or any(key == present for key, _name in offered)
    return offered if is_there else [(str(present), present.shown), *offered]


def _version(request: Any, person: Person) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else person.version - 1
