"""The HTTP API under /api/v1."""

from ninja import NinjaAPI

api = NinjaAPI(title="Portico", version="1", openapi_url="/openapi.json", docs_url=None)
