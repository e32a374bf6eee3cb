"""Every operation of mail refuses actors who may not carry it out."""

import pytest
from sqlalchemy import select

from fundapp.access.actors import person
from fundapp.db import unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.mail import operations
from fundapp.mail.models import MailMessage
from fundapp.mail.operations import queue_message
from tests.factories.actors import AUDITOR, OFFICER, WORKER
from tests.factories.mail import make_message, message_draft

#: Everybody who may sign in may give, so a message may be queued about the gift.
DISABLED = person("gone", 0, [], is_active=False)

REFUSED = {
    "queue": (lambda _id, actor: queue_message(message_draft(), actor=actor), DISABLED),
    "claim": (lambda _id, actor: operations.claim_due_message(actor=actor), OFFICER),
    "give back": (lambda id_, actor: operations.give_back_message(id_, actor=actor), OFFICER),
    "mark sent": (lambda id_, actor: operations.mark_sent(id_, actor=actor), OFFICER),
    "mark failed": (lambda id_, actor: operations.mark_failed(id_, error="", actor=actor), OFFICER),
    "retry": (lambda id_, actor: operations.retry_message(id_, actor=actor), WORKER),
}


@pytest.mark.sqlite
@pytest.mark.parametrize("name", REFUSED)
def test_actors_without_the_permission_are_refused(session, name):
    message_id = unit_of_work(make_message).id
    operation, other_actor = REFUSED[name]
    for actor in {other_actor} if name == "queue" else (AUDITOR, other_actor):
        with pytest.raises(ForbiddenError):
            unit_of_work(operation, message_id, actor)
    session.expire_all()
    message = session.scalars(select(MailMessage)).one()
    assert (message.attempts, message.sent_at, message.last_error) == (0, None, "")
