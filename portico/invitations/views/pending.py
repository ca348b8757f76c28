"""Team > Invitations: those not answered, of colleagues and of people (X21)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.accounts.adapters import is_own_path
from portico.invitations.actions.sending import cancel_invitation, copy_link, resend_invitation
from portico.invitations.models import Invitation
from portico.invitations.panels import row_of
from portico.invitations.reports import not_sent, way_to_links
from portico.kit.form_tokens import once
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.ui.toasts import link_toast, undo_toast
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission
from portico.workspaces.panels import team_tabs_of

NEWEST = Order("newest", (SortColumn("id", is_descending=True),))
COLLEAGUES, PEOPLE = "agents", "people"
SEES = (Permission.VIEW_CLIENTS, Permission.MANAGE_TEAM)
SENDS = (Permission.CREATE_CLIENTS, Permission.EDIT_CLIENTS, Permission.MANAGE_TEAM)
COUNTED_UP_TO = 1000


@page("invitations.list", Audience.AGENT, any_of=SEES)
def pending_list(request: Any) -> HttpResponse:
    """Every invitation not answered: to whom, into what, by whom, when, and how its mail stands."""
    kinds = _kinds(request.actor)
    chosen = request.GET.get("of", "")
    chosen = chosen if chosen in kinds else kinds[0]
    pending = _of(request.actor, chosen)
    listing = keyset_page(
        pending.select_related("user", "organization", "invited_by", "mail").prefetch_related(
            "roles__role"
        ),
        NEWEST,
        cursor=request.GET.get("cursor"),
        context=chosen,
    )
    context = {
        "chosen": chosen,
        "tabs": team_tabs_of(request.actor, "invitations.list"),
        "kinds": [_kind_link(request.actor, kind, chosen) for kind in kinds],
        "columns": _columns(chosen),
        "rows": [row_of(request.actor, invitation) for invitation in listing.items],
        "previous_url": _cursor_url(chosen, listing.previous_cursor),
        "next_url": _cursor_url(chosen, listing.next_cursor),
        "count_text": _count_text(pending),
        "toasts": _toasts(request.GET.get("done", "")),
        "may_invite": request.actor.may(Permission.MANAGE_TEAM),
    }
    return render(request, "invitations/list.html", context)


@page("invitations.resend", Audience.AGENT, any_of=SENDS, writes=True, methods=("POST",))
@once
def resend(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Send it again; the older link dies."""
    invitation = resend_invitation(request.actor, id)
    text = not_sent() or _("Invitation sent again. The older link no longer works.")
    link_toast(request, text, () if invitation.is_for_agent else way_to_links())
    return HttpResponseRedirect(_back(request))


@page("invitations.cancel", Audience.AGENT, any_of=SENDS, writes=True, methods=("POST",))
@once
def cancel(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Cancel it; the link says so from now on."""
    invitation = cancel_invitation(request.actor, id)
    text = _("Invitation to %(address)s cancelled.") % {"address": invitation.address}
    if invitation.is_for_agent:
        messages.success(request, text)
    else:
        undo_toast(request, text)
    return HttpResponseRedirect(_back(request))


@page("invitations.link", Audience.AGENT, any_of=SENDS, writes=True, methods=("POST",))
def link(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """Show the link to copy; leaves an event, and the answer is kept by nobody."""
    address = copy_link(request.actor, id)
    invitation = Invitation.objects.select_related("user").get(pk=id)
    context = {"link": address, "invitation": invitation, "back": _back(request)}
    template = "invitations/link_dialog.html" if request.htmx else "invitations/link.html"
    return render(request, template, context)


def _kinds(actor: Any) -> list[str]:
    kinds = [COLLEAGUES] if actor.may(Permission.MANAGE_TEAM) else []
    return [*kinds, PEOPLE] if actor.may(Permission.VIEW_CLIENTS) else kinds


def _of(actor: Any, kind: str) -> Any:
    """Told apart by the licence, which those of colleagues carry: so an index leads to them."""
    rows = Invitation.objects.visible_to(actor).unanswered()
    return rows.filter(licence__gt="") if kind == COLLEAGUES else rows.filter(licence="")


def _kind_link(actor: Any, kind: str, chosen: str) -> dict[str, Any]:
    labels = {COLLEAGUES: _("Colleagues"), PEOPLE: say("People")}
    return {
        "label": labels[kind],
        "url": f"{reverse('invitations.list')}?of={kind}",
        "current": kind == chosen,
        "count": _count(_of(actor, kind)),
    }


def _count(pending: Any) -> int:
    """Up to a thousand, so that the page stays one page's work."""
    return len(pending.order_by().values_list("pk")[:COUNTED_UP_TO])


def _count_text(pending: Any) -> str:
    count = _count(pending)
    if count == COUNTED_UP_TO:
        return _("1,000+ not answered")
    return say_n("%(n)s invitation not answered", "%(n)s invitations not answered", count)


def _columns(chosen: str) -> list[dict[str, Any]]:
    middle = {"label": say("Organization"), "kind": "person"}
    if chosen == COLLEAGUES:
        middle = {"label": _("Roles"), "kind": "tags"}
    return [
        {"label": _("Sent to"), "kind": "name"},
        middle,
        {"label": _("Invited by"), "kind": "person"},
        {"label": _("Sent"), "kind": "date"},
        {"label": _("Status"), "kind": "status"},
        {"label": _("Actions"), "kind": "actions"},
    ]


def _cursor_url(chosen: str, cursor: str | None) -> str:
    return f"{reverse('invitations.list')}?of={chosen}&cursor={cursor}" if cursor else ""


def _back(request: Any) -> str:
    """Where the button stood; only own paths are believed (R-C11)."""
    back = request.POST.get("back", "")
    return back if back and is_own_path(back) else reverse("invitations.list")


def _toasts(done: str) -> list[dict[str, str]]:
    return [{"text": not_sent() or _("Invitation sent.")}] if done == "sent" else []
