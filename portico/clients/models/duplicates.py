"""What likely duplicates are found by, and the pairs of which somebody said that they are two."""

from typing import ClassVar

from django.db import models

from portico.clients.choices import Likeness, PropertySubject
from portico.kit.tenancy.models import TenantModel


class LikenessKey(TenantModel):
    """What an active record has in common with those that are likely the same one.

    Kept beside the records, so that equal keys are found by one walk along an index over all of
    them. Written from what is recorded (`clients.receivers`), a moment after the change; whoever
    reads asks the record again.
    """

    subject = models.CharField(max_length=12, choices=PropertySubject)
    kind = models.CharField(max_length=7, choices=Likeness)
    key = models.CharField(max_length=254)
    record_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "record_id", "kind"], name="likeness_key_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["workspace", "subject", "kind", "key", "record_id"], name="likeness_key"
            ),
        ]


class Distinction(TenantModel):
    """Two records that are not one, as somebody said; the older one comes first.

    `compared` holds what was compared of both at that moment: the pair is proposed again when one
    of them changes in it.
    """

    record_type = "distinction"

    subject = models.CharField(max_length=12, choices=PropertySubject)
    first_id = models.UUIDField()
    second_id = models.UUIDField()
    compared = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "first_id", "second_id"], name="distinction_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "subject"], name="distinction_of"),
        ]
