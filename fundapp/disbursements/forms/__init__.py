"""Forms of money out: how fields are read, and a message for each field."""

from fundapp.disbursements.forms.account_checks import (
    AccountCheckForm,
    AccountChecksForm,
    AccountNamesForm,
)
from fundapp.disbursements.forms.audits import OpeningForm, StaffAccountForm
from fundapp.disbursements.forms.confirmations import ReceiptAnswerForm
from fundapp.disbursements.forms.decisions import (
    CancelForm,
    DecisionForm,
    PaymentReleaseForm,
    RequestInterestForm,
)
from fundapp.disbursements.forms.payouts import PayoutForm, PayoutSlipForm
from fundapp.disbursements.forms.proofs import ProofOfReceiptForm
from fundapp.disbursements.forms.requests import RequestFilterForm, RequestForm
from fundapp.disbursements.forms.returns import ChildCodesField, ComebackForm, ShareBackForm
from fundapp.disbursements.forms.vendors import VendorForm

__all__ = [
    "AccountCheckForm",
    "AccountChecksForm",
    "AccountNamesForm",
    "CancelForm",
    "ChildCodesField",
    "ComebackForm",
    "DecisionForm",
    "OpeningForm",
    "PaymentReleaseForm",
    "PayoutForm",
    "PayoutSlipForm",
    "ProofOfReceiptForm",
    "ReceiptAnswerForm",
    "RequestFilterForm",
    "RequestForm",
    "RequestInterestForm",
    "ShareBackForm",
    "StaffAccountForm",
    "VendorForm",
]
