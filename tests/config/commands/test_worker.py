"""The worker's rounds, and what it leaves in peace."""

import datetime

from django.utils import timezone

from portico.config.commands import worker
from portico.history.models import FollowUp
from portico.kit.actors import Actor
from portico.kit.models import FormToken
from portico.kit.tenancy.scope import open_scope
from portico.notifications.actions import send_test_mail
from portico.notifications.models import OutgoingMail
from portico.notifications.tasks.sweeping import sweep
from portico.workspaces.context import scope_of
from portico.workspaces.models import Agent, Workspace
from tests.config.commands.conftest import Portico
from tests.factories.workspaces import actor_of


def ask_in(workspace: Workspace) -> None:
    with open_scope(scope_of(workspace)):
        send_test_mail(actor_of(Agent.objects.get()))


def test_it_works_in_every_workspace(
    workspace: Workspace, other_workspace: Workspace, portico: Portico
) -> None:
    ask_in(workspace)
    ask_in(other_workspace)
    assert portico("worker", "--once").status == 0
    for opened in (workspace, other_workspace):
        with open_scope(scope_of(opened)):
            assert OutgoingMail.objects.count() == 1
            assert FollowUp.objects.count() == 0


def test_a_fault_in_one_workspace_spares_the_others(
    workspace: Workspace, other_workspace: Workspace
) -> None:
    with open_scope(scope_of(workspace)):
        FollowUp.objects.create(event_ids=["nonsense"], next_attempt_at=timezone.now())
    ask_in(other_workspace)
    assert worker.work_everywhere() == 1
    with open_scope(scope_of(workspace)):
        put_off = FollowUp.objects.get()
        assert put_off.attempts == 1
        assert put_off.next_attempt_at > timezone.now()


def test_the_sweep_removes_what_is_old_and_only_that(owner_actor: Actor) -> None:
    old, fresh = (
        FormToken.objects.create(actor_id=owner_actor.id, token=token) for token in ("old", "fresh")
    )
    yesterday = timezone.now() - datetime.timedelta(hours=25)
    FormToken.objects.filter(pk=old.pk).update(created_at=yesterday)
    assert sweep() == 1
    assert list(FormToken.objects.values_list("pk", flat=True)) == [fresh.pk]
