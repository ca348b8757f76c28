"""Settings: the mail server, a test mail, and the Outbox."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portico.kit.errors import NotThere
from portico.kit.form_tokens import once
from portico.kit.ids import parse_id
from portico.kit.orders import Order, SortColumn
from portico.kit.pagination import keyset_page
from portico.kit.policies import Audience, page
from portico.notifications.actions import send_again, send_test_mail
from portico.notifications.choices import MailState
from portico.notifications.models import OutgoingMail
from portico.notifications.reports import is_mail_accepted, latest_test_mail, mail_server
from portico.ui.pages import render, render_block
from portico.workspaces.choices import Permission

NEWEST_FIRST = Order("-id", (SortColumn("id", is_descending=True),))
MAIL_PAGE = "notifications/mail.html"


@page("settings.outbox", Audience.AGENT, permissions=(Permission.MANAGE_WORKSPACE,))
def outbox(request: Any) -> HttpResponse:
    """Every mail: to whom, what about, how it stands; never a body."""
    state = request.GET.get("state", "")
    mails = OutgoingMail.objects.select_related("recipient")
    if state in MailState.values:
        mails = mails.filter(state=state)
    listed = keyset_page(
        mails, NEWEST_FIRST, cursor=request.GET.get("cursor") or None, context=state
    )
    context = {
        "page": listed,
        "states": [("", _("All")), *MailState.choices],
        "state": state,
        "has_server": mail_server() is not None,
    }
    return render(request, "notifications/outbox.html", context)


@page(
    "settings.outbox_send_again",
    Audience.AGENT,
    permissions=(Permission.MANAGE_WORKSPACE,),
    writes=True,
    methods=("POST",),
)
@once
def send_mail_again(request: Any) -> HttpResponse:
    """Try an undelivered mail anew."""
    send_again(request.actor, _ids(request))
    messages.success(request, _("The mail is on its way again."))
    return HttpResponseRedirect(reverse("settings.outbox"))


@page("settings.mail", Audience.AGENT, permissions=(Permission.MANAGE_WORKSPACE,))
def mail(request: Any) -> HttpResponse:
    """What the mail server is, how to set it, and a test."""
    return render(request, MAIL_PAGE, _mail_context(request))


@page(
    "settings.mail_test",
    Audience.AGENT,
    permissions=(Permission.MANAGE_WORKSPACE,),
    writes=True,
    methods=("POST",),
)
@once
def test_mail(request: Any) -> HttpResponse:
    """Leave a test mail to the worker; the page then watches it."""
    event = send_test_mail(request.actor)
    return HttpResponseRedirect(f"{reverse('settings.mail')}?test={event.pk}")


@page("settings.mail_test_state", Audience.AGENT, permissions=(Permission.MANAGE_WORKSPACE,))
def test_state(request: Any) -> HttpResponse:
    """How the test mail stands, asked for by the page every second until it is settled."""
    return render_block(request, MAIL_PAGE, "test_state", _mail_context(request))


def _mail_context(request: Any) -> dict[str, Any]:
    event_id = parse_id(request.GET.get("test", ""))
    test = latest_test_mail(request.actor.user_id, event_id=event_id)
    return {
        "server": mail_server(),
        "is_accepted": is_mail_accepted(),
        "test": test,
        "is_test_awaited": event_id is not None and _is_awaited(test),
        "test_event": event_id,
        "base_url": settings.PORTICO_BASE_URL,
    }


def _is_awaited(test: OutgoingMail | None) -> bool:
    """Whether the page should go on asking: not queued yet, or not attempted yet."""
    return test is None or (test.state == MailState.WAITING and not test.last_error)


def _ids(request: Any) -> list[UUID]:
    keys = [parse_id(text) for text in request.POST.getlist("ids")]
    if not keys or None in keys:
        raise NotThere
    return [key for key in keys if key is not None]
