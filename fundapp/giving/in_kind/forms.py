"""The form of a gift in kind."""

from flask import request
from flask_babel import gettext as _
from wtforms import HiddenField, ValidationError

from fundapp import clock
from fundapp.giving.in_kind.drafts import InKindDraft
from fundapp.giving.models import DonorKind
from fundapp.giving.queries import find_donor
from fundapp.web.forms import (
    BaseForm,
    CheckboxField,
    ChoiceField,
    EmailField,
    LongTextField,
    MoneyDayField,
    MoneyField,
    NameField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_LONGEST = 500
_KINDS = [kind for kind in DonorKind if kind is not DonorKind.UNKNOWN]


class InKindForm(BaseForm):
    """What was given, its declared value, and by whom."""

    donor = HiddenField()
    description = LongTextField(
        _l("What was given"), longest=_LONGEST, required=_l("Write what was given.")
    )
    declared = MoneyField(_l("Declared value"))
    received_on = MoneyDayField(
        _l("Day it was given"),
        default=clock.today,
        required=_l("Enter a date, for example 24/11/2569."),
    )
    name = NameField(_l("Name of the giver"))
    kind = ChoiceField(_l("What the giver is"), DonorKind, default=DonorKind.INDIVIDUAL.value)
    email = EmailField(_l("E-mail"))
    anonymous = CheckboxField(_l("Show no name on the letter"))

    def __init__(self) -> None:
        super().__init__(donor=request.args.get("donor", ""))
        self.kind.choices = choices(_KINDS)
        self.known_donor = find_donor(self.donor.data or "")

    def validate_donor(self, field: HiddenField) -> None:
        """Nobody, or a known donor."""
        if field.data and self.known_donor is None:
            raise ValidationError(
                _("This donor is not known. Choose the donor from the list again.")
            )

    def validate_name(self, field: NameField) -> None:
        """Required unless the donor is known or the gift is anonymous."""
        if not field.data and not self.known_donor and not self.anonymous.data:
            raise ValidationError(_("Enter a name for the letter, or choose to show no name."))

    @property
    def draft(self) -> InKindDraft:
        """What was typed; only after validation."""
        known = self.known_donor
        return InKindDraft(
            self.description.value,
            self.declared.value,
            self.received_on.value,
            donor_id=known.id if known else None,
            name="" if known else self.name.data,
            kind=self.kind.member or DonorKind.INDIVIDUAL,
            email=None if known else self.email.data,
            is_anonymous=bool(self.anonymous.data),
        )
