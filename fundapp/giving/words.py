"""What choices and states are called, and the tone in which a state is shown."""

from collections.abc import Mapping
from enum import StrEnum

from fundapp.giving.models import DonorKind, Frequency, Method, PaymentStatus, PledgeStatus
from fundapp.giving.policy import InstalmentState
from fundapp.web.lazy import lazy as _l

_LABELS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    Frequency: {
        Frequency.ONCE: _l("Once"),
        Frequency.MONTHLY: _l("Every month"),
        Frequency.QUARTERLY: _l("Every three months"),
        Frequency.TERM: _l("Every school term"),
        Frequency.YEARLY: _l("Every year"),
    },
    Method: {
        Method.PROMPTPAY: _l("PromptPay"),
        Method.TRANSFER: _l("Bank transfer"),
        Method.CARD: _l("Card"),
        Method.CASH: _l("Cash"),
        Method.CHEQUE: _l("Cheque"),
    },
    DonorKind: {
        DonorKind.INDIVIDUAL: _l("Person"),
        DonorKind.HOUSEHOLD: _l("Household"),
        DonorKind.COMPANY: _l("Company"),
        DonorKind.AGENCY: _l("Public agency"),
        DonorKind.MOSQUE: _l("Mosque"),
        DonorKind.SCHOOL: _l("School"),
        DonorKind.UNKNOWN: _l("Unknown"),
    },
    PledgeStatus: {
        PledgeStatus.ACTIVE: _l("Active"),
        PledgeStatus.COMPLETED: _l("Fully paid"),
        PledgeStatus.PAUSED: _l("Paused"),
        PledgeStatus.CANCELLED: _l("Cancelled"),
    },
    PaymentStatus: {
        PaymentStatus.RECEIVED: _l("Received"),
        PaymentStatus.REVERSED: _l("Reversed"),
    },
    InstalmentState: {
        InstalmentState.PAID: _l("Paid"),
        InstalmentState.PART_PAID: _l("Part paid"),
        InstalmentState.DUE: _l("Due today"),
        InstalmentState.OVERDUE: _l("Overdue"),
        InstalmentState.UPCOMING: _l("To come"),
        InstalmentState.STOPPED: _l("No longer due"),
    },
}

_TONES: Mapping[type[StrEnum], Mapping[StrEnum, str]] = {
    PledgeStatus: {
        PledgeStatus.ACTIVE: "info",
        PledgeStatus.COMPLETED: "good",
        PledgeStatus.PAUSED: "warn",
    },
    PaymentStatus: {PaymentStatus.RECEIVED: "good", PaymentStatus.REVERSED: "bad"},
    InstalmentState: {
        InstalmentState.PAID: "good",
        InstalmentState.PART_PAID: "info",
        InstalmentState.DUE: "warn",
        InstalmentState.OVERDUE: "bad",
    },
}


def label(value: StrEnum) -> str:
    """What a choice or a state is called in the language in use."""
    return str(_LABELS[type(value)][value])


def tone(value: StrEnum) -> str:
    """The tone of a state: neutral, info, good, warn or bad."""
    return _TONES.get(type(value), {}).get(value, "neutral")
