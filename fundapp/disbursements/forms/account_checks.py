"""Forms with which bank details are verified: of one request, and of a page of them."""

from typing import Any

from fundapp.disbursements.account_names import MAX_BYTES
from fundapp.disbursements.models import AccountAnswer, CheckedBy
from fundapp.web.forms import (
    BaseForm,
    CheckboxesField,
    ChoiceField,
    LongTextField,
    RadioChoiceField,
    UploadField,
    choices,
)
from fundapp.web.lazy import lazy as _l

#: What a person can say; that an earlier check is used again the program says.
_WAYS = tuple(each for each in CheckedBy if each is not CheckedBy.EARLIER)
_HOW, _CHOOSE = _l("How you verified it"), _l("Choose how you verified it.")


class _WayField(ChoiceField[CheckedBy]):
    """By what somebody verified bank details."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(_HOW, CheckedBy, blank="–", required=_CHOOSE, **kwargs)
        self.choices = choices(_WAYS, blank="–")


class AccountCheckForm(BaseForm):
    """What somebody found; its prefix keeps it apart from the other forms of a request."""

    answer = RadioChoiceField(
        _l("What you found"), AccountAnswer, required=_l("Choose what you found.")
    )
    checked_by = _WayField()
    words = LongTextField(_l("What does not fit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix="check-", **kwargs)


class AccountChecksForm(BaseForm):
    """The lines of a page that were verified, and how."""

    checked_by = _WayField()
    accounts: Any = CheckboxesField(_l("Bank details"))

    def take(self, keys: list[str]) -> "AccountChecksForm":
        """Take any ticks: whether a line is still there, the operation says."""
        self.accounts.choices = choices({key: key for key in keys})
        return self


class AccountNamesForm(BaseForm):
    """The answer file of the bank to a list of accounts."""

    file = UploadField(
        _l("Answer file of the bank"),
        required=_l("Choose the file from the bank."),
        most_bytes=MAX_BYTES,
        description=_l("CSV with the columns account and name."),
    )
