"""What settings mean for the people who are there."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from portico.clients.models import Organization, Person
from portico.kit.actors import Actor
from portico.kit.dates import today_in
from portico.kit.tenancy.scope import current_scope
from portico.ui.words import say, say_n
from portico.workspaces.choices import Permission
from portico.workspaces.panels import Notice, SettingNotice, add_setting_notice
from portico.workspaces.presets import HIDDEN

COUNTED = 1000


def people_without_organization(actor: Actor, is_required: Any) -> Notice | None:
    """They stay as they are when an organization becomes required; the list names them (X3)."""
    if not is_required or not actor.may(Permission.VIEW_CLIENTS):
        return None
    people = Person.objects.active().filter(memberships__organization__isnull=True)
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


def organizations_let_in_again(actor: Actor, value: Any) -> Notice | None:
    """Whom an end date kept out comes in again where memberships do not end."""
    if value != HIDDEN or not actor.may(Permission.VIEW_CLIENTS):
        return None
    ended = Organization.objects.active().ended(today_in(current_scope().time_zone))
    count = len(ended.values_list("pk", flat=True)[:COUNTED])
    if not count:
        return None
    text = say_n(
        "The membership of %(n)s organization has ended; its people would have access again.",
        "The memberships of %(n)s organizations have ended; their people would have access again.",
        count,
    )
    return Notice(
        text=text, url=f"{reverse('organizations.list')}?status=ended", label=_("Show them")
    )


add_setting_notice(SettingNotice(setting="membership_end", look=organizations_let_in_again))
add_setting_notice(SettingNotice(setting="organization_required", look=people_without_organization))
