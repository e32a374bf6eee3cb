"""The form of a gift in kind."""

from flask_babel import gettext as _
from wtforms import ValidationError

from fundapp import clock
from fundapp.giving.forms.donors import FromDonorForm
from fundapp.giving.in_kind.drafts import InKindDraft
from fundapp.giving.models import DonorKind
from fundapp.web.forms import (
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


class InKindForm(FromDonorForm):
    """What was given, its declared value, and by whom."""

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
        super().__init__()
        self.kind.choices = choices(_KINDS)

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
