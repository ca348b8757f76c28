"""/api/v1/tags."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from portico.clients.actions.tags import create_tag, delete_tag, merge_tags, update_tag
from portico.clients.models import Tag
from portico.clients.querysets import TAG_ORDER
from portico.clients.reports import tag_uses
from portico.clients.schemas import TagChange, TagCreate, TagList, TagMerge, TagOut
from portico.kit.endpoints import endpoint, required_version, with_etag
from portico.kit.errors import NotThere
from portico.kit.names import name_key
from portico.kit.pagination import DEFAULT_LIMIT, keyset_page
from portico.kit.parameters import PAGING, TEXT
from portico.workspaces.choices import Permission

router = Router(tags=["tags"])
LIST_PARAMETERS = {"q": {**TEXT, "examples": ["news"]}, **PAGING}
MANAGE = (Permission.MANAGE_WORKSPACE,)


@router.get("/tags", response=TagList)
@endpoint("tags.list", parameters=LIST_PARAMETERS, permissions=(Permission.VIEW_CLIENTS,))
def list_tags(
    request: Any, *, q: str = "", cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> dict[str, Any]:
    """List tags by name: `q` for those whose name begins so, `cursor`, `limit`."""
    text = name_key(q.replace("\x00", ""))[:100]
    rows = Tag.objects.filter(name_key__startswith=text) if text else Tag.objects.all()
    page = keyset_page(rows, TAG_ORDER, cursor=cursor, limit=limit, context=text)
    return {
        "items": _bodies(page.items),
        "next_cursor": page.next_cursor,
        "previous_cursor": page.previous_cursor,
        "has_more": page.next_cursor is not None,
    }


@router.post("/tags", response={201: TagOut})
@endpoint("tags.create", permissions=MANAGE, writes=True)
def create(request: Any, response: HttpResponse, body: TagCreate) -> Any:
    """Create a tag; its name is unique, case ignored."""
    return Status(201, _answer(response, create_tag(request.actor, **body.dict())))


@router.get("/tags/{uuid:tag_id}", response=TagOut)
@endpoint("tags.show", permissions=(Permission.VIEW_CLIENTS,))
def show(request: Any, response: HttpResponse, tag_id: UUID) -> Any:
    """One tag, with its version as ETag."""
    tag = Tag.objects.filter(pk=tag_id).first()
    if tag is None:
        raise NotThere
    return _answer(response, tag)


@router.patch("/tags/{uuid:tag_id}", response=TagOut)
@endpoint("tags.edit", permissions=MANAGE, writes=True)
def change(request: Any, response: HttpResponse, tag_id: UUID, body: TagChange) -> Any:
    """Rename or colour a tag on every record at once; needs If-Match."""
    version = required_version(request)
    changes = body.dict(exclude_unset=True)
    return _answer(response, update_tag(request.actor, tag_id, changes, version=version))


@router.delete("/tags/{uuid:tag_id}", response={204: None})
@endpoint("tags.delete", permissions=MANAGE, writes=True)
def delete(request: Any, tag_id: UUID) -> Any:
    """Take a tag off every record and delete it; needs If-Match."""
    delete_tag(request.actor, tag_id, version=required_version(request))
    return Status(204, None)


@router.post("/tags/{uuid:tag_id}/merge", response=TagOut)
@endpoint("tags.merge", permissions=MANAGE, writes=True)
def merge(request: Any, response: HttpResponse, tag_id: UUID, body: TagMerge) -> Any:
    """Make other tags part of this one: what carries them carries this one."""
    return _answer(response, merge_tags(request.actor, target_id=tag_id, source_ids=body.sources))


def _bodies(tags: Sequence[Tag]) -> list[dict[str, Any]]:
    uses = tag_uses([tag.pk for tag in tags])
    return [
        {
            "id": tag.pk,
            "version": tag.version,
            "name": tag.name,
            "colour": tag.colour,
            "organizations_count": uses[tag.pk].organizations,
            "people_count": uses[tag.pk].people,
            "created_at": tag.created_at,
        }
        for tag in tags
    ]


def _answer(response: HttpResponse, tag: Tag) -> dict[str, Any]:
    with_etag(response, tag.version)
    return _bodies([tag])[0]
