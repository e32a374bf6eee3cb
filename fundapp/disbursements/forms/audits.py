"""Forms of auditors who need names, and of accounts of those who work for the fund."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _

from fundapp.disbursements.forms.accounts import AccountForm
from fundapp.identity.models import User
from fundapp.web.forms import BaseForm, ChoiceField, LongTextField, choices
from fundapp.web.lazy import lazy as _l


class OpeningForm(BaseForm):
    """Why an auditor needs the names of a request."""

    reason = LongTextField(
        _l("Why you need the names"),
        longest=500,
        required=_l("Write why you need to see the names, in ten letters or more."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="opening-", **kwargs)


class StaffAccountForm(AccountForm):
    """An account of somebody who works for the fund; the view sets the people."""

    person: ChoiceField[Any] = ChoiceField(_l("Person"), required=_l("Choose a person."))

    def offer(self, people: Sequence[User]) -> Self:
        """Offer these people."""
        self.person.choices = choices(
            {user.public_id: user.display_name for user in people}, blank=_("Choose")
        )
        return self
