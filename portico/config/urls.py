"""All addresses of the product."""

from django.urls import URLPattern, URLResolver, include, path

from portico.config.api import api
from portico.config.openapi import openapi

handler404 = "portico.config.views.not_found"
handler500 = "portico.config.views.fault"

# ninja adds a view of its own at the root, which has no policy and nothing to say.
_found, _app, _namespace = api.urls
_operations = [entry for entry in _found if getattr(entry, "name", "") != "api-root"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/openapi.json", openapi, name="api.openapi"),
    path(
        "api/v1/",
        (_operations, _app, _namespace),
    ),
    path("", include("portico.setup.urls")),
    path("", include("portico.accounts.urls")),
    path("", include("portico.workspaces.urls")),
    path("", include("portico.clients.urls")),
    path("", include("portico.catalog.urls")),
    path("", include("portico.insight.urls")),
    path("", include("portico.history.urls")),
    path("", include("portico.invitations.urls")),
    path("", include("portico.operations.urls")),
    path("", include("portico.notifications.urls")),
    path("", include("portico.transfers.urls")),
    path("portal/", include("portico.portal.urls")),
]
