"""Tables against doing a thing twice: idempotency keys of the API, form tokens of pages."""

from typing import ClassVar

from django.db import models

from portico.kit.tenancy.models import TenantModel


class IdempotencyKey(TenantModel):
    """The first answer to a POST that carried an Idempotency-Key, kept for 24 hours."""

    actor_id = models.UUIDField()
    operation = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.BinaryField(default=b"")
    content_type = models.CharField(max_length=100, default="")
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "actor_id", "operation", "key"],
                name="idempotency_key_once",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotency_created")]


class FormToken(TenantModel):
    """A form that was posted, and where its answer led: the second press goes there too."""

    actor_id = models.UUIDField()
    token = models.CharField(max_length=64)
    location = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "actor_id", "token"], name="form_token_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="form_token_created")]
