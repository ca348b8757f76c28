"""Settings, Tags: what there is and how much carries it; rename, colour, merge, delete."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.actions.tags import create_tag, delete_tag, merge_tags, update_tag
from portico.clients.choices import TagColour
from portico.clients.forms.problems import show_problems
from portico.clients.forms.tags import TagForm
from portico.clients.models import Tag
from portico.clients.querysets import TAG_ORDER
from portico.clients.reports import tag_uses
from portico.clients.views.answers import ask, go_to
from portico.kit.errors import NotThere, Refused, Stale
from portico.kit.form_tokens import once
from portico.kit.ids import parse_id
from portico.kit.names import name_key
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import undo_toast
from portico.workspaces.choices import Permission

MANAGES = (Permission.MANAGE_WORKSPACE,)
PAGE_SIZE = 100
SUGGESTED = 20


@page("tags.list", Audience.AGENT, permissions=MANAGES)
def tag_list(request: Any) -> HttpResponse:
    """All tags by name, with how many records carry each."""
    listing = keyset_page(
        Tag.objects.all(), TAG_ORDER, cursor=request.GET.get("cursor"), limit=PAGE_SIZE
    )
    uses = tag_uses([tag.pk for tag in listing.items])
    context = {
        "rows": [{"tag": tag, "use": uses[tag.pk]} for tag in listing.items],
        "next_cursor": listing.next_cursor,
        "previous_cursor": listing.previous_cursor,
    }
    return render(request, "clients/tags/list.html", context)


@page("tags.new", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def tag_new(request: Any) -> HttpResponse:
    """Create a tag before anything carries it."""
    form = TagForm(request.POST or None, initial={"colour": TagColour.GREY})
    if request.method != "POST":
        return _ask_form(request, form)
    try:
        created = create_tag(request.actor, **form.fields_to_save())
    except Refused as refused:
        show_problems(form, refused)
        return _ask_form(request, form, status=refused.status)
    messages.success(request, _("%(name)s created.") % {"name": created.name})
    return go_to(request, reverse("tags.list"))


@page("tags.edit", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def tag_edit(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Rename or colour a tag on every record that carries it."""
    tag = _found(id)
    form = TagForm(request.POST or None, initial={"name": tag.name, "colour": tag.colour})
    if request.method != "POST":
        return _ask_form(request, form, tag=tag)
    try:
        saved = update_tag(request.actor, id, form.fields_to_save(), version=_version(request))
    except Stale as stale:
        form.add_error(None, _("Somebody changed this tag meanwhile. Look at it again."))
        return _ask_form(request, form, tag=stale.current, status=409)
    except Refused as refused:
        show_problems(form, refused)
        return _ask_form(request, form, tag=tag, status=refused.status)
    undo_toast(request, _("%(name)s saved.") % {"name": saved.name})
    return go_to(request, reverse("tags.list"))


@page("tags.merge", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def tag_merge(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Make this tag part of another one."""
    tag = _found(id)
    problem = ""
    if request.method == "POST":
        target = parse_id(request.POST.get("target", ""))
        if target is not None and target != id:
            merged = merge_tags(request.actor, target_id=target, source_ids=[id])
            text = _("%(source)s is now %(name)s.") % {"source": tag.name, "name": merged.name}
            undo_toast(request, text)
            return go_to(request, reverse("tags.list"))
        problem = _("Choose another tag.")
    others = Tag.objects.exclude(pk=id).order_by("name_key").values_list("pk", "name")
    context = {
        "tag": tag,
        "use": tag_uses([id])[id],
        "others": [(str(key), name) for key, name in others],
        "problem": problem,
    }
    return ask(request, "clients/tags/merge", context, status=422 if problem else 200)


@page("tags.delete", Audience.AGENT, permissions=MANAGES, writes=True)
@once
def tag_delete(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Take a tag off everything, after saying from how many records."""
    tag = _found(id)
    if request.method != "POST":
        return ask(request, "clients/tags/delete", {"tag": tag, "use": tag_uses([id])[id]})
    delete_tag(request.actor, id)
    undo_toast(request, _("%(name)s deleted.") % {"name": tag.name})
    return go_to(request, reverse("tags.list"))


@page("tags.choices", Audience.AGENT, permissions=(Permission.VIEW_CLIENTS,))
def tag_choices(request: Any) -> HttpResponse:
    """Tags that begin like what is typed, for the field of a form (S2.69)."""
    text = name_key(request.GET.get("q", "").replace("\x00", ""))[:100]
    rows = Tag.objects.filter(name_key__startswith=text) if text else Tag.objects.all()
    names = rows.order_by("name_key").values_list("name", flat=True)[:SUGGESTED]
    return JsonResponse([{"value": name, "label": name} for name in names], safe=False)


def _ask_form(
    request: Any, form: TagForm, *, tag: Tag | None = None, status: int = 200
) -> HttpResponse:
    address = reverse("tags.edit", kwargs={"id": tag.pk}) if tag else reverse("tags.new")
    context = {
        "form": form,
        "tag": tag,
        "address": address,
        "title": _("Edit tag") if tag else _("Add tag"),
        "use": tag_uses([tag.pk])[tag.pk] if tag else None,
    }
    return ask(request, "clients/tags/edit", context, status=status)


def _found(tag_id: UUID) -> Tag:
    tag: Tag | None = Tag.objects.filter(pk=tag_id).first()
    if tag is None:
        raise NotThere
    return tag


def _version(request: Any) -> int | None:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None
