"""Files that people upload."""

from django.apps import AppConfig


class FilesConfig(AppConfig):
    """Stored by hash, served only to who may see."""

    name = "portico.files"
    default_auto_field = "django.db.models.BigAutoField"
