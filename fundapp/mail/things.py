"""What the trail calls messages."""

from collections.abc import Collection, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.mail.models import MailMessage
from fundapp.markers import N_
from fundapp.paging import int_key
from fundapp.trail.queries import rows_by
from fundapp.trail.registry import Thing, ThingKind


class MessageThing(ThingKind):
    """A message, by its subject where the viewer may read mail."""

    name = "message"
    label = N_("Mail")
    endpoint = "mail.message"
    argument = "message_id"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Subjects and addresses."""
        if not viewer.can(Permission.MAIL_READ):
            return {ref: Thing(_("Subject not shown to your role")) for ref in refs}
        ids = [row_id for ref in refs if (row_id := int_key(ref)) is not None]
        columns = (MailMessage.id, MailMessage.subject, MailMessage.to_address)
        return {
            str(row_id): Thing(f"{subject} ({address})", str(row_id))
            for row_id, subject, address in rows_by(select(*columns), MailMessage.id, ids)
        }


THINGS = (MessageThing(),)
