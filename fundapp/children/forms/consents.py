"""Forms on consents and on closing a file."""

from typing import Any

from fundapp.children.drafts import ConsentDraft
from fundapp.children.forms.people import PersonNameField
from fundapp.children.models import (
    ASKED_KINDS,
    CLOSED_BY_HAND,
    CloseReason,
    ConsentKind,
    LegalCapacity,
    Relation,
)
from fundapp.documents.forms import PaperField
from fundapp.web.forms import BaseForm, ChoiceField, DayField, TextField, choices
from fundapp.web.lazy import lazy as _l

BLANK = _l("Choose …")
CHOOSE_ONE = _l("Choose one from the list.")


class ConsentFields(BaseForm):
    """Who signed, when, and the paper."""

    signer_name = PersonNameField(
        _l("Name of the signer"),
        longest=100,
        required=_l("Enter the name of the person who signed."),
    )
    signer_relation = ChoiceField(
        _l("The signer is the child's"), Relation, blank=BLANK, required=CHOOSE_ONE
    )
    capacity = ChoiceField(
        _l("Right to decide for the child"), LegalCapacity, blank=_l("As the relation says")
    )
    consent_note = TextField(_l("Why this person signs"), longest=500)
    signed_on = DayField(_l("Signed on"), required=_l("Enter the day of the signature."))
    expires_on = DayField(_l("Ends on"))
    paper = PaperField(_l("Signed paper"))

    def consent(self, kind: ConsentKind) -> ConsentDraft:
        """A consent of this kind, as the form states it; only after validation."""
        return ConsentDraft(
            kind=kind,
            signer_name=self.signer_name.data,
            relation=self.signer_relation.value,
            signed_on=self.signed_on.value,
            expires_on=self.expires_on.data,
            note=self.consent_note.data,
            capacity=self.capacity.member,
        )


class ConsentForm(ConsentFields):
    """A further consent."""

    kind = ChoiceField(_l("What is consented to"), ConsentKind, blank=BLANK, required=CHOOSE_ONE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(ASKED_KINDS, blank=BLANK)

    def draft(self) -> ConsentDraft:
        """The consent, as the form states it; only after validation."""
        return self.consent(self.kind.value)


class CloseForm(BaseForm):
    """Closing a file."""

    reason = ChoiceField(
        _l("Why the file is closed"), CloseReason, blank=BLANK, required=CHOOSE_ONE
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = choices(CLOSED_BY_HAND, blank=BLANK)
