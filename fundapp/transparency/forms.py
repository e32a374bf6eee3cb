"""Forms of the public pages and of the sealed log: which part of the public ledger and which
receipt is shown, to whom checkpoints are mailed, and which two are compared.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from fundapp.transparency.steps import MOST_HOLDERS
from fundapp.web.forms import (
    BaseForm,
    ChoiceField,
    FilterForm,
    LongTextField,
    NumberField,
    TextField,
    choices,
)
from fundapp.web.lazy import lazy as _l

_LARGEST_LOG = 10**15


class CheckpointHoldersForm(BaseForm):
    """The mailboxes that keep checkpoints."""

    addresses = LongTextField(
        _l("E-mail addresses"),
        longest=MOST_HOLDERS * 255,
        description=_l(
            "One in each line, of people outside the fund who keep what they get: the State Audit"
            " Office, the treasury, a university, a newspaper. Left empty: nobody is mailed."
        ),
    )

    @property
    def lines(self) -> list[str]:
        """What is written, without empty lines."""
        return [line.strip() for line in self.addresses.data.splitlines() if line.strip()]


class ConsistencyForm(FilterForm):
    """Two checkpoints, by how many entries they cover."""

    old = NumberField(_l("Entries of the earlier checkpoint"), most=_LARGEST_LOG)
    new = NumberField(_l("Entries of the later checkpoint"), most=_LARGEST_LOG)


class PublicLedgerFilter(FilterForm):
    """A fund and a month; the view sets the choices."""

    fund: ChoiceField[Any] = ChoiceField(_l("Fund"))
    month: ChoiceField[Any] = ChoiceField(_l("Month"))

    def offer(self, funds: Mapping[str, str], months: Mapping[str, str]) -> Self:
        """Offer these funds and months, each by its code."""
        self.fund.choices, self.month.choices = choices(funds), choices(months)
        return self

    @property
    def shown(self) -> Sequence[str]:
        """The codes of the fund and the month."""
        return self.fund.data, self.month.data


class ReceiptCheckForm(FilterForm):
    """The code of a receipt, or the address that its QR code opens."""

    code = TextField(_l("Code of the receipt"), longest=200)
