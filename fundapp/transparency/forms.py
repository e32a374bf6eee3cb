"""Forms of the sealed log: to whom checkpoints are mailed, and which two are compared."""

from fundapp.transparency.steps import MOST_HOLDERS
from fundapp.web.forms import BaseForm, FilterForm, LongTextField, NumberField
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
