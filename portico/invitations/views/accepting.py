"""The link of an invitation, for whoever holds it."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from portico.accounts.passwords import minimum_length
from portico.accounts.reports import contact_of
from portico.invitations.actions.accepting import DeadLink, accept_invitation, join_by_invitation
from portico.invitations.actions.sending import request_new_link
from portico.invitations.choices import LinkState
from portico.invitations.forms import AcceptForm, show_problems
from portico.invitations.links import forget_token, keep_token, kept_token
from portico.invitations.models import Invitation
from portico.invitations.reports import (
    LinkStanding,
    day_in_words,
    standing_of_link,
    title_of,
)
from portico.kit.errors import Refused
from portico.kit.policies import Audience, page
from portico.ui.pages import render
from portico.workspaces.middleware import CHOSEN_ORGANIZATION

WHY = "Whoever holds the link of an invitation has no account to sign in to yet."
GONE = 410
READ_AND_POST = ("GET", "HEAD", "POST")
# Open now, or open again as soon as what is in the way is gone.
MAY_OPEN = {LinkState.OPEN, LinkState.BLOCKED, LinkState.GONE}
SENDS_ANEW = {LinkState.EXPIRED, LinkState.REPLACED}


@page("invitations.open", Audience.PUBLIC, methods=READ_AND_POST, why=WHY)
@never_cache
@sensitive_post_parameters("password")
def open_link(request: Any, token: str) -> HttpResponse:
    """Take the token out of the address, then show the form; reading it uses nothing up (R-C14)."""
    if request.method == "POST":
        return _answer(request, token)
    standing = standing_of_link(token)
    if standing.state in MAY_OPEN:
        response: HttpResponse = HttpResponseRedirect(reverse("invitations.accept"))
    else:
        response = _dead(request, standing)
    if standing.state in MAY_OPEN | SENDS_ANEW:
        keep_token(response, token)
    return response


@page("invitations.accept", Audience.PUBLIC, methods=READ_AND_POST, why=WHY)
@never_cache
@sensitive_post_parameters("password")
def accept(request: Any) -> HttpResponse:
    """The form for a name and a password, once; then straight into the portal (X22)."""
    token = kept_token(request.COOKIES)
    if request.method == "POST":
        return _answer(request, token)
    standing = standing_of_link(token)
    if standing.state is not LinkState.OPEN or standing.invitation is None:
        return _dead(request, standing)
    return _shown(request, standing.invitation)


@page("invitations.new_link", Audience.PUBLIC, methods=("POST",), why=WHY)
def new_link(request: Any) -> HttpResponse:
    """Send a new link to where the dead one went; the answer tells nothing more."""
    request_new_link(kept_token(request.COOKIES))
    response = render(request, "invitations/new_link.html")
    forget_token(response)
    return response


@page("invitations.sign_out", Audience.PUBLIC, methods=("POST",), why=WHY)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign somebody else out and go on with the invitation, which nothing has touched (R-C04)."""
    logout(request, show_message=False)
    return HttpResponseRedirect(reverse("invitations.accept"))


def _answer(request: Any, token: str) -> HttpResponse:
    form = AcceptForm(request.POST)
    form.is_valid()
    try:
        response = _join(request, token, form)
    except DeadLink as dead:
        standing = standing_of_link(token)
        if standing.state is LinkState.OPEN:
            standing = LinkStanding(dead.state, standing.invitation, dead.detail)
        return _dead(request, standing)
    except Refused as refused:
        invitation = standing_of_link(token).invitation
        if invitation is None:
            raise
        show_problems(form, refused)
        return _shown(request, invitation, form=form, status=refused.status)
    forget_token(response)
    return response


def _join(request: Any, token: str, form: AcceptForm) -> HttpResponse:
    if request.user.is_authenticated:
        joined = join_by_invitation(request.actor, token)
        _choose_organization(request, joined)
        return HttpResponseRedirect("/")
    user = accept_invitation(
        token,
        password=form.cleaned_data.get("password", ""),
        name=form.cleaned_data.get("name", ""),
        ip=request.META.get("REMOTE_ADDR"),
    )
    response: HttpResponse = perform_login(
        request, user, email_verification="none", email=user.email
    )
    return response


def _choose_organization(request: Any, invitation: Invitation) -> None:
    """Let them act where they just joined."""
    if invitation.organization_id is not None:
        request.session[CHOSEN_ORGANIZATION] = str(invitation.organization_id)


def _shown(
    request: Any, invitation: Invitation, *, form: AcceptForm | None = None, status: int = 200
) -> HttpResponse:
    """The form; or who has to sign in, or out, before."""
    is_signed_in = request.user.is_authenticated
    context = {
        "invitation": invitation,
        "title": title_of(invitation),
        "until": day_in_words(invitation.expires_at),
        "minimum": minimum_length(),
        "form": form or AcceptForm(initial={"name": invitation.user.name}),
        "place": invitation.organization,
    }
    if is_signed_in and request.user.pk != invitation.user_id:
        return render(request, "invitations/for_somebody_else.html", context, status=status)
    if is_signed_in:
        return render(request, "invitations/join.html", context, status=status)
    if invitation.user.has_usable_password():
        return render(request, "invitations/sign_in_first.html", context, status=status)
    return render(request, "invitations/accept.html", context, status=status)


def _dead(request: HttpRequest, standing: LinkStanding) -> HttpResponse:
    """Which end the link came to, and what to do now."""
    invitation = standing.invitation
    context: dict[str, Any] = {"state": standing.state, "reason": standing.reason}
    if invitation is not None:
        inviter = invitation.invited_by
        is_there = inviter is not None and inviter.is_active
        context |= {
            "ended_on": day_in_words(invitation.expires_at),
            "contact": inviter if is_there else contact_of(invitation.user),
            "is_new_link_possible": standing.state in SENDS_ANEW,
        }
    status = 404 if standing.state is LinkState.UNKNOWN else GONE
    return render(request, "invitations/dead_link.html", context, status=status)
