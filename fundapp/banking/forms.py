"""Fields that several forms of banking share."""

from flask_babel import gettext

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.labels import LabelledEnum
from fundapp.web.forms import ChoiceField


class BankAccountField(ChoiceField[LabelledEnum]):
    """A choice of the fund's bank accounts by code; the form sets the ``choices``."""

    def refusal(self, chosen: str) -> str:
        """The sentence for an account that is not offered."""
        return str(gettext(UnknownBankAccountError.message))
