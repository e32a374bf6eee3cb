"""The forms of giving: what donors and officers fill in. Rules are in the operations."""

from fundapp.giving.forms.donors import ConnectForm, DescribeForm, DonorSearch, MergeForm
from fundapp.giving.forms.office_pledges import (
    ActForm,
    OfficeChangeForm,
    PaperForm,
    PaperPledgeForm,
    PledgeSearch,
    WriteOffForm,
)
from fundapp.giving.forms.payments import (
    PaymentForm,
    PaymentSearch,
    PromisedFilter,
    ReturnForm,
    ReverseForm,
)
from fundapp.giving.forms.pledges import ChangeForm, GiveForm, Step
from fundapp.giving.forms.refunds import (
    RefundAccountForm,
    RefundForm,
    RefundPaidForm,
    RefusalForm,
    SeenAccountForm,
    SentBackForm,
)

__all__ = [
    "ActForm",
    "ChangeForm",
    "ConnectForm",
    "DescribeForm",
    "DonorSearch",
    "GiveForm",
    "MergeForm",
    "OfficeChangeForm",
    "PaperForm",
    "PaperPledgeForm",
    "PaymentForm",
    "PaymentSearch",
    "PledgeSearch",
    "PromisedFilter",
    "RefundAccountForm",
    "RefundForm",
    "RefundPaidForm",
    "RefusalForm",
    "ReturnForm",
    "ReverseForm",
    "SeenAccountForm",
    "SentBackForm",
    "Step",
    "WriteOffForm",
]
