"""Which workspace a host name opens, and the frozen value of it that the house reads."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import CharField, Q

from portico.kit.prepared import Slot, prepared
from portico.kit.tenancy.scope import WorkspaceScope
from portico.workspaces.models import Workspace
from portico.workspaces.presets import effective_settings


def scope_of(workspace: Workspace) -> WorkspaceScope:
    """The value that stands for a workspace while its scope is open."""
    return WorkspaceScope(
        id=workspace.pk,
        slug=workspace.slug,
        name=workspace.name,
        base_url=base_url_of(workspace),
        hostname=workspace.hostname,
        time_zone=workspace.time_zone,
        preset=workspace.preset,
        settings=_settings_of(workspace),
    )


def _settings_of(workspace: Workspace) -> dict[str, Any]:
    """The effective settings, with what new users start with and the workspace's accent."""
    return {
        **effective_settings(workspace.preset, workspace.settings),
        "date_order": workspace.date_order,
        "date_separator": workspace.date_separator,
        "clock": workspace.clock,
        "currency": workspace.currency,
        "accent": workspace.accent,
        "support_contact_id": workspace.support_contact_id,
        "support_text": workspace.support_text,
    }


def base_url_of(workspace: Workspace) -> str:
    """Where links of this workspace lead: its own host name with scheme and port of the base URL.

    Never the Host header of a request (reliability.md R-C47).
    """
    base = urlsplit(settings.PORTICO_BASE_URL)
    if not workspace.hostname:
        return f"{base.scheme}://{base.netloc}"
    port = f":{base.port}" if base.port else ""
    return f"{base.scheme}://{workspace.hostname}{port}"


def workspace_for_host(host: str) -> Workspace | None:
    """The workspace with this host name, else the one without any; None when neither exists."""
    return _for_host.first(hostname=host_name(host))


@prepared
def _for_host() -> Any:
    own = Q(hostname=Slot("hostname", CharField()))
    return Workspace.objects.filter(own | Q(hostname="")).order_by("-hostname")[:1]


def host_name(host: str) -> str:
    """A Host header without its port, in lower case."""
    bare = host.lower().rstrip(".")
    if bare.startswith("["):
        return bare.partition("]")[0] + "]"
    return bare.partition(":")[0]


def is_allowed_host(host: str, workspace: Workspace | None) -> bool:
    """Whether this host may be answered: a workspace's own, a configured one, or loopback."""
    name = host_name(host)
    if workspace is not None and workspace.hostname == name:
        return True
    own = host_name(urlsplit(settings.PORTICO_BASE_URL).netloc)
    return name in {own, "localhost", "127.0.0.1", "[::1]", *settings.PORTICO_ALLOWED_HOSTS}
