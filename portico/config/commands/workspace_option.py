"""`--workspace SLUG`: the scope that a command works in."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from portico.kit.actors import Actor, Way
from portico.kit.errors import Refused
from portico.kit.requests import new_request_id, set_request_id
from portico.kit.tenancy.scope import open_scope
from portico.workspaces.context import scope_of
from portico.workspaces.models import Workspace


def add_workspace_option(parser: argparse.ArgumentParser) -> None:
    """Declare the option."""
    parser.add_argument("--workspace", required=True, metavar="SLUG", help="the workspace's slug")


@contextmanager
def workspace_scope(slug: str) -> Iterator[Workspace]:
    """Run the block inside this workspace; raises Refused("unknown_workspace")."""
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True)[:10])
        detail = _("There is no workspace “%(slug)s”.") % {"slug": slug}
        if known:
            detail = f"{detail} " + _("There is: %(known)s.") % {"known": known}
        raise Refused("unknown_workspace", detail)
    with open_scope(scope_of(workspace)):
        yield workspace


def operator_actor(workspace: Workspace) -> Actor:
    """The actor of a command: who may run it on the machine may do everything in the workspace."""
    request_id = new_request_id()
    set_request_id(request_id)
    return Actor.system(workspace.pk, request_id=request_id, way=Way.COMMAND)
