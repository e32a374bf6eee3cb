"""What donors and officers fill in: shape and a sentence per field; rules are in the operations."""

from fundapp.giving.forms.give import ChangeForm, GiveForm
from fundapp.giving.forms.office import (
    ConnectForm,
    DonorSearch,
    PaymentForm,
    PaymentSearch,
    ReverseForm,
)

__all__ = [
    "ChangeForm",
    "ConnectForm",
    "DonorSearch",
    "GiveForm",
    "PaymentForm",
    "PaymentSearch",
    "ReverseForm",
]
