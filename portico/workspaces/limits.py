"""The plan's limits; they count what is not archived and can't be raced past."""

from django.utils.translation import gettext as _

from portico.accounts.choices import Licence
from portico.accounts.models import User
from portico.kit.errors import Refused
from portico.ui.words import say
from portico.workspaces.models import Plan


def require_room_for_people(count: int) -> None:
    """Refuse when `count` more people would exceed the plan.

    Must run inside the transaction that adds them: the plan's row is locked, so that of two
    creations at the last place one waits and then sees the other.
    """
    plan = Plan.objects.select_for_update().first()
    if plan is None or plan.person_limit is None or count <= 0:
        return
    used = User.objects.people().active().count()
    if used + count > plan.person_limit:
        text = say("You have %(used)s of %(limit)s people. Archive one, or raise the limit.")
        raise Refused("person_limit", text % {"used": used, "limit": plan.person_limit}, status=409)


def require_licence(licence: str, *, count: int = 1) -> None:
    """Refuse when `count` more agents with this licence would exceed the plan; see above."""
    plan = Plan.objects.select_for_update().first()
    if plan is None:
        return
    limit = plan.full_licences if licence == Licence.FULL else plan.read_only_licences
    if limit is None:
        return
    used = User.objects.agents().active().filter(licence=licence).count()
    if used + count > limit:
        text = _("All %(limit)s licences of this kind are in use.") % {"limit": limit}
        raise Refused("licence_limit", text, field="licence", status=409)
