"""What is known of an uploaded file; its bytes lie in the data folder under their hash."""

from typing import ClassVar

from django.db import models

from portico.kit.tenancy.models import TenantModel


class StoredFile(TenantModel):
    """The content of a file of one workspace: the same bytes are kept once.

    `sha256` in hexadecimal digits; `size` in bytes; `media_type` as found in the content, never
    as the sender named it.
    """

    record_type = "file"

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "sha256"], name="stored_file_once")
        ]

    def __str__(self) -> str:
        return self.sha256
