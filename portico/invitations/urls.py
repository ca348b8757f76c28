"""Addresses of `invitations`."""

from django.urls import URLPattern, path

from portico.invitations.views import accepting, inviting, pending, several

urlpatterns: list[URLPattern] = [
    path("invite/accept/", accepting.accept, name="invitations.accept"),
    path("invite/accept/new-link/", accepting.new_link, name="invitations.new_link"),
    path("invite/accept/sign-out/", accepting.sign_out, name="invitations.sign_out"),
    path("invite/<str:token>/", accepting.open_link, name="invitations.open"),
    path("team/invite/", inviting.agent_invite, name="agents.invite"),
    path("team/invitations/", pending.pending_list, name="invitations.list"),
    path("team/invitations/<uuid:id>/resend/", pending.resend, name="invitations.resend"),
    path("team/invitations/<uuid:id>/cancel/", pending.cancel, name="invitations.cancel"),
    path("team/invitations/<uuid:id>/link/", pending.link, name="invitations.link"),
    path(
        "organizations/<uuid:id>/invite/", several.organization_invite, name="organizations.invite"
    ),
    path(
        "organizations/<uuid:id>/invite/check/",
        several.addresses_check,
        name="organizations.check_addresses",
    ),
    path("people/<uuid:id>/invite/", inviting.person_invite, name="people.invite"),
]
