"""What is mailed because of an event."""

from typing import Any

from portico.clients.actions.people import update_person
from portico.kit.actors import Actor
from portico.notifications.models import OutgoingMail
from tests.conftest import sign_in
from tests.notifications.conftest import run_worker
from tests.smtp import SmtpServer

NEW = "gina@acme.test"


def test_of_a_changed_address_the_old_one_is_told_and_the_new_one_gets_a_link(
    owner_actor: Actor, guest: Any, smtp_server: SmtpServer
) -> None:
    """S2.23, R-C28."""
    update_person(owner_actor, guest.pk, {"email": NEW})
    run_worker()
    mails = {str(mail.message["To"]): mail for mail in smtp_server.accepted}
    assert set(mails) == {"Gina Guest <guest@acme.test>", f"Gina Guest <{NEW}>"}
    told = mails["Gina Guest <guest@acme.test>"]
    assert "no longer uses guest@acme.test" in " ".join(told.part("plain").split())
    assert NEW not in told.part("plain") + told.part("html")
    assert "/accounts/choose/" not in told.part("plain") + told.part("html")
    assert "/accounts/choose/" in mails[f"Gina Guest <{NEW}>"].part("plain")


def test_of_two_new_addresses_only_the_last_gets_a_link(
    owner_actor: Actor, guest: Any, smtp_server: SmtpServer
) -> None:
    sign_in(guest)
    update_person(owner_actor, guest.pk, {"email": "first@acme.test"})
    update_person(owner_actor, guest.pk, {"email": NEW})
    run_worker()
    sent = {(mail.address, mail.kind): mail.state for mail in OutgoingMail.objects.all()}
    assert sent == {
        ("guest@acme.test", "email.changed"): "sent",
        ("first@acme.test", "email.confirm"): "cancelled",
        ("first@acme.test", "email.changed"): "sent",
        (NEW, "email.confirm"): "sent",
    }
