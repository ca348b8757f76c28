"""Avatars as images: only for who may see one of those who have it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from portico.clients.reports import sees_avatar
from portico.files.models import StoredFile
from portico.files.reports import content_of, stored_file
from portico.kit.errors import NotThere
from portico.kit.policies import Audience, page

# The address names the content, which never changes; the browser of one reader may keep it.
KEEP = "private, max-age=31536000, immutable"


@page("avatars.show", Audience.SIGNED_IN)
def avatar_show(request: Any, id: UUID) -> HttpResponse:  # noqa: A002 - the address's word
    """One avatar, to agents who see the person, the person, and their colleagues."""
    file = stored_file(id)
    if file is None or not sees_avatar(request.actor, file.pk):
        raise NotThere
    response = image_answer(file)
    response["Cache-Control"] = KEEP
    return response


def image_answer(file: StoredFile) -> HttpResponse:
    """The bytes with their own type, which no browser may doubt, or NotThere."""
    content = content_of(file)
    if content is None:
        raise NotThere
    response = HttpResponse(content, content_type=file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["ETag"] = f'"{file.sha256}"'
    return response
