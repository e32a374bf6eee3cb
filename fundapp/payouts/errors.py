"""Why something cannot be done with a batch of payouts, in sentences a person can act on."""

from fundapp.errors import ForbiddenError, FormUsedError, RuleError, StaleError
from fundapp.markers import N_


class InBatchError(StaleError):
    """The request is paid by a batch, and by nothing else."""

    message = N_(
        "This request is in the batch of payouts %(number)s. It is paid or freed there; withdraw "
        "the batch first if it is to be paid or cancelled here."
    )


class BatchPeopleError(ForbiddenError):
    """One person would do two of the steps."""

    message = N_(
        "Asking, approving, making a batch, releasing it and taking its file are done by different "
        "people. Somebody else has to do this."
    )


class BatchKnownError(FormUsedError):
    """The same form made another batch."""


class BatchEmptyError(RuleError):
    """A batch without a request."""

    message = N_("Tick at least one request that is to be paid.")


class NotPayableError(RuleError):
    """A request that cannot be in the batch."""

    message = N_(
        "Request %(number)s cannot be paid by this batch: it is not approved, is not paid by "
        "transfer to an account, is in another batch, or its fund has no money on this account."
    )


class PayDayError(RuleError):
    """A day that is over, or far away."""

    message = N_("The day of payment must be between today and 30 days from now.")


class PayDayOverError(StaleError):
    """A file whose day of payment no bank takes."""

    message = N_(
        "The day of payment of this batch is over. Withdraw it and make another one with a new day."
    )


class StoppedPayoutsError(RuleError):
    """Something happened since the approval, and no approver has said what is to be done."""

    message = N_(
        "Stopped since the approval (a closed file, an ended consent, or a payee who left the "
        "files): %(numbers)s. An approver cancels them or lets them go on; leave them out until "
        "then."
    )


class FrozenAccountError(RuleError):
    """Nothing is paid out of a frozen account."""

    message = N_("This bank account is frozen. Choose another one.")


class BatchStateError(StaleError):
    """The batch is in another state."""

    message = N_("This is not possible any more: somebody has taken the batch further. See below.")


class FileTakenError(StaleError):
    """The file is taken once for each release."""

    message = N_(
        "The file of this release was taken already. If it never reached the bank, somebody who "
        "did not take it releases the batch again."
    )


class AgainError(RuleError):
    """A second file needs the statement that the first is not with the bank."""

    message = N_(
        "The file was taken once. Tick that the bank does not have it: with two files everybody "
        "would be paid twice."
    )


class PayeeTextError(RuleError):
    """What the layout of the bank cannot hold."""

    message = N_(
        "Voucher %(voucher)s: the name or the account number of the payee does not fit into this "
        "file (letters of TIS-620, at most 15 digits). Take the CSV file, or pay it by itself."
    )


class ResultFileError(RuleError):
    """A file that is not a result file."""

    message = N_(
        "Line %(line)s cannot be read. The file has the columns voucher, state (paid or failed) "
        "and reason, separated by commas, in UTF-8."
    )


class UnknownVoucherError(RuleError):
    """A line of no batch of the actor."""

    message = N_(
        "Line %(line)s: voucher %(voucher)s is in no batch whose file you took. Nothing was saved."
    )


class VoucherTwiceError(RuleError):
    """Two lines on one voucher that differ."""

    message = N_("Line %(line)s: voucher %(voucher)s is in the file twice. Nothing was saved.")


class ResultChangedError(RuleError):
    """The bank says something else than before."""

    message = N_(
        "Line %(line)s: voucher %(voucher)s was told otherwise before. Nothing was saved; ask the "
        "bank which is right."
    )


class PaidBeforeError(ResultChangedError):
    """The bank says "failed" of what it said was paid."""

    message = N_(
        "Line %(line)s: voucher %(voucher)s was told as paid before, and its payment is recorded. "
        "Nothing was saved. If the money came back, record that on the page of request "
        "%(number)s, and leave this line out of the file."
    )


class TooEarlyError(RuleError):
    """Results before the day of payment."""

    message = N_("Voucher %(voucher)s is paid on a later day. The bank has no result yet.")


class BankReasonError(RuleError):
    """A failure without words."""

    message = N_("Line %(line)s: a failed payout needs the reason that the bank gave.")
