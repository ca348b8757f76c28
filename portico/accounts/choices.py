"""Enums of sign-in identities and their preferences."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UserKind(TextChoices):
    """A user is of one kind for ever."""

    AGENT = "agent", _("Agent")
    PERSON = "person", _("Person")


class Licence(TextChoices):
    """What an agent's seat allows; people need none."""

    FULL = "full", _("Full")
    READ_ONLY = "read_only", _("Read only")


class DateOrder(TextChoices):
    """The order of day, month and year."""

    MONTH_FIRST = "mdy", _("MM/DD/YYYY")
    DAY_FIRST = "dmy", _("DD/MM/YYYY")
    YEAR_FIRST = "ymd", _("YYYY/MM/DD")


class DateSeparator(TextChoices):
    """What stands between day, month and year."""

    SLASH = "/", _("Slash")
    DOT = ".", _("Dot")


class Clock(TextChoices):
    """Twelve hours with AM and PM, or twenty-four."""

    TWELVE = "12", _("12 hours, AM/PM")
    TWENTY_FOUR = "24", _("24 hours")


class Theme(TextChoices):
    """Light, dark, or what the reader's system says."""

    SYSTEM = "system", _("System")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Density(TextChoices):
    """Height of the rows in lists."""

    COMFORTABLE = "comfortable", _("Comfortable")
    COMPACT = "compact", _("Compact")
