"""What settings mean for the people who are there."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Person
from portico.kit.actors import Actor
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission
from portico.workspaces.panels import Notice, SettingNotice, add_setting_notice

COUNTED = 1000


def people_without_organization(actor: Actor, is_required: Any) -> Notice | None:
    """They stay as they are when an organization becomes required; the list names them (X3)."""
    if not is_required or not actor.may(Permission.VIEW_CLIENTS):
        return None
    people = Person.objects.active().filter(memberships__isnull=True)
    count = len(people.values_list("pk", flat=True)[: COUNTED + 1])
    if not count:
        return None
    text = say_n(
        "%(n)s person has no organization; nothing changes for them.",
        "%(n)s people have no organization; nothing changes for them.",
        count,
    )
    if count > COUNTED:
        text = say(
            "More than %(n)s people have no organization; nothing changes for them.", n=COUNTED
        )
    return Notice(
        text=text, url=f"{reverse('people.list')}?organization=none", label=_("Show them")
    )


add_setting_notice(SettingNotice(setting="organization_required", look=people_without_organization))
