"""Forms on consents and on closing a file."""

from typing import Any

from flask_wtf.file import FileField

from fundapp.children.drafts import ConsentDraft
from fundapp.children.forms.base import ChildrenForm
from fundapp.children.forms.fields import choice_field, name_field, text_field
from fundapp.children.labels import CLOSE_REASONS, CONSENT_KINDS, RELATIONS
from fundapp.children.models import CloseReason, ConsentKind, Relation
from fundapp.web.fields import DayField, DayRequired
from fundapp.web.lazy import lazy as _l

SIGNATURE = (
    "signer_name",
    "signer_relation",
    "consent_note",
    "signed_on",
    "expires_on",
    "paper",
)


class ConsentFields(ChildrenForm):
    """Who signed, when, and the paper."""

    signer_name = name_field(
        _l("Name of the signer"), _l("Enter the name of the person who signed.")
    )
    signer_relation = choice_field(_l("The signer is the child's"), RELATIONS, blank=_l("Choose …"))
    consent_note = text_field(_l("Why this person signs"), longest=500)
    signed_on = DayField(_l("Signed on"), [DayRequired(_l("Enter the day of the signature."))])
    expires_on = DayField(_l("Ends on"))
    paper = FileField(_l("Signed paper"))

    def consent(self, kind: ConsentKind) -> ConsentDraft:
        """A consent of this kind, as the form states it; only after `validate`."""
        return ConsentDraft(
            kind=kind,
            signer_name=self.signer_name.data or "",
            relation=Relation(self.signer_relation.data),
            signed_on=self.signed_on.day,
            expires_on=self.expires_on.data,
            note=self.consent_note.data or "",
        )

    def upload(self) -> bytes | None:
        """The bytes of the signed paper, if one was chosen."""
        chosen: Any = self.paper.data
        return chosen.read() if chosen else None


class ConsentForm(ConsentFields):
    """A further consent."""

    kind = choice_field(_l("What is consented to"), CONSENT_KINDS, blank=_l("Choose …"))

    def draft(self) -> ConsentDraft:
        """The consent, as the form states it; only after `validate`."""
        return self.consent(ConsentKind(self.kind.data))


class CloseForm(ChildrenForm):
    """Closing a file."""

    reason = choice_field(_l("Why the file is closed"), CLOSE_REASONS, blank=_l("Choose …"))

    def close_reason(self) -> CloseReason:
        """The reason; only after `validate`."""
        return CloseReason(self.reason.data)
