"""What kinds of files are known."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImageType(TextChoices):
    """The kinds of images that are taken; everything else is refused by its content."""

    JPEG = "image/jpeg", _("JPG")
    PNG = "image/png", _("PNG")
