"""/api/v1/people/{id}/avatar."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import Router

from portico.clients.actions.avatars import change_avatar
from portico.clients.api.people import answer_person, found_person
from portico.clients.models import Person, standing_id
from portico.clients.schemas import PersonOut
from portico.clients.views.avatars import image_answer
from portico.files.cleaning import MAX_BYTES
from portico.kit.endpoints import endpoint, offered_version, required_version
from portico.kit.errors import NotThere, Refused
from portico.kit.policies import Body
from portico.workspaces.choices import Permission

router = Router(tags=["people"])
FILE = "avatar"
_IMAGE = {"schema": {"type": "string", "format": "binary"}}
_FORM = {"schema": {"type": "object", "properties": {FILE: {"type": "string", "format": "binary"}}}}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"image/jpeg": _IMAGE, "image/png": _IMAGE, "multipart/form-data": _FORM},
    }
}


@router.get("/people/{uuid:person_id}/avatar")
@endpoint("people.avatar", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, person_id: UUID) -> Any:
    """The image itself, a JPG or PNG; 404 where there is none. A merged one has its survivor's."""
    person = found_person(request, standing_id(Person, person_id))
    if person.avatar is None:
        raise NotThere
    answer = image_answer(person.avatar)
    answer["Cache-Control"] = "private, no-cache"
    return answer


@router.put("/people/{uuid:person_id}/avatar", response=PersonOut, openapi_extra=_BODY)
@endpoint(
    "people.set_avatar", permissions=(Permission.EDIT_CLIENTS,), writes=True, body=Body.AVATAR
)
def replace(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Set the avatar: the image as the body, or as the file `avatar` of a form; up to 5 MiB.

    JPG or PNG by content; it is written anew without metadata, at most 512 by 512 pixels. If-Match
    is honoured when sent.
    """
    version = offered_version(request)
    person = change_avatar(request.actor, person_id, _sent_image(request), version=version)
    return answer_person(response, person)


@router.delete("/people/{uuid:person_id}/avatar", response=PersonOut)
@endpoint("people.remove_avatar", permissions=(Permission.EDIT_CLIENTS,), writes=True)
def remove(request: Any, response: HttpResponse, person_id: UUID) -> Any:
    """Remove the avatar; needs If-Match."""
    version = required_version(request)
    return answer_person(response, change_avatar(request.actor, person_id, None, version=version))


def _sent_image(request: Any) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return bytes(request.read(MAX_BYTES + 1))
    try:
        _fields, files = request.parse_file_upload(request.META, request)
    except MultiPartParserError as error:
        raise Refused("bad_request", _("The form could not be read."), status=400) from error
    sent = files.get(FILE)
    if sent is None:
        raise Refused("required", _("Send the image as the file “avatar”."), field=FILE)
    return bytes(sent.read())
