"""What a person may be allowed to do in the portal, and states derived for lists."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClientPermission(TextChoices):
    """Permissions that client roles are made of."""

    SUBMIT_REQUESTS = "submit_requests", _("Send requests")
    VIEW_ORGANIZATION_REQUESTS = (
        "view_organization_requests",
        _("See the requests of the whole team"),
    )
    VIEW_INVOICES = "view_invoices", _("See invoices")
    VIEW_JOBS = "view_jobs", _("See jobs")
    VIEW_LOCATIONS = "view_locations", _("See locations")
    MANAGE_ORGANIZATION_USERS = "manage_organization_users", _("Invite and manage the team")


class MembershipStatus(TextChoices):
    """What the end date says today (domain.md, Membership end)."""

    OPEN = "open", _("Running")
    ENDING = "ending", _("Ending")
    ENDED = "ended", _("Ended")


ENDING_WITHIN_DAYS = 30


class TagColour(TextChoices):
    """Colours of tags; each has a pair of tokens that keeps AA contrast in both themes."""

    GREY = "grey", _("Grey")
    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    VIOLET = "violet", _("Violet")


class PropertySubject(TextChoices):
    """Which kind of record a custom property belongs to (or which kind was merged)."""

    ORGANIZATION = "organization", _("Organization")
    PERSON = "person", _("Person")


class Likeness(TextChoices):
    """What two records may have in common that is computed from their fields."""

    NAME = "name", _("Similar name")
    WEBSITE = "website", _("Same website")


class PropertyKind(TextChoices):
    """What a custom property holds."""

    TEXT = "text", _("Text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    URL = "url", _("Web address")
    EMAIL = "email", _("E-mail")


# Whoever has an address there says nothing about whom they work for.
_FREE_MAIL = """
    gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.co.jp yahoo.co.in yahoo.fr yahoo.de
    yahoo.es yahoo.it yahoo.com.br ymail.com rocketmail.com hotmail.com hotmail.co.uk
    hotmail.fr hotmail.de hotmail.it hotmail.es outlook.com outlook.de outlook.fr live.com
    live.co.uk live.fr live.nl msn.com icloud.com me.com mac.com aol.com aol.de gmx.de
    gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.com mail.de posteo.de
    mailbox.org proton.me protonmail.com pm.me tutanota.com tuta.com fastmail.com zoho.com
    hey.com yandex.ru yandex.com mail.ru bk.ru list.ru rambler.ru qq.com 163.com 126.com
    sina.com naver.com daum.net hanmail.net rediffmail.com orange.fr wanadoo.fr free.fr
    laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it bluewin.ch hispeed.ch
    telenet.be skynet.be ziggo.nl kpnmail.nl home.nl xs4all.nl btinternet.com sky.com
    virginmedia.com ntlworld.com talktalk.net comcast.net verizon.net att.net sbcglobal.net
    cox.net bellsouth.net charter.net shaw.ca rogers.com sympatico.ca bigpond.com
    optusnet.com.au uol.com.br bol.com.br terra.com.br wp.pl o2.pl onet.pl interia.pl
    seznam.cz centrum.cz abv.bg ukr.net
"""
FREE_MAIL_DOMAINS = frozenset(_FREE_MAIL.split())


BULK_CHANGE = "clients.bulk"
"""The kind of long work that changes many organizations or people in one way."""

BACKGROUND_FROM = 500
"""More records than this are changed in the background, with progress and Cancel (ui.md 2.1)."""
