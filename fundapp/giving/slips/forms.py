"""The forms to send a slip, and to reject one."""

from wtforms import HiddenField

from fundapp.documents.errors import DocumentRefusedError
from fundapp.documents.forms import PaperField
from fundapp.documents.intake import Accepted
from fundapp.giving.models import SlipRejection
from fundapp.giving.slips.codes import SlipCode
from fundapp.giving.slips.pictures import read_code
from fundapp.web.forms import BaseForm, RadioChoiceField
from fundapp.web.lazy import lazy as _l


class SlipForm(BaseForm):
    """The slip of a transfer, a picture or a PDF."""

    #: What the code on the slip said, after `take_in`.
    code: SlipCode | None = None

    slip = PaperField(_l("Slip from your bank"), required=_l("Choose the picture of the slip."))
    instalment = HiddenField("")

    @property
    def accepted(self) -> Accepted:
        """The clean file; only after `take_in`."""
        if self.slip.accepted is None:
            raise DocumentRefusedError(field="slip")
        return self.slip.accepted

    def take_in(self) -> None:
        """Clean the file and read its code, before the unit of work. Raises what
        `PaperField.take_in` raises.
        """
        self.slip.take_in()
        self.code = read_code(self.accepted)


class RejectSlipForm(BaseForm):
    """Why a slip is not accepted."""

    rejection = RadioChoiceField(
        _l("Why it is not accepted"),
        SlipRejection,
        required=_l("Choose why the slip is not accepted."),
    )
