"""What a referral may become next (pure)."""

from fundapp.agencies.errors import ReferralStateError
from fundapp.agencies.models import ReferralAction, ReferralStatus

_NEXT: dict[tuple[ReferralStatus, ReferralAction], ReferralStatus] = {
    (ReferralStatus.SENT, ReferralAction.ACCEPT): ReferralStatus.ACCEPTED,
    (ReferralStatus.SENT, ReferralAction.DECLINE): ReferralStatus.DECLINED,
    (ReferralStatus.SENT, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.ACCEPTED, ReferralAction.DECLINE): ReferralStatus.DECLINED,
    (ReferralStatus.ACCEPTED, ReferralAction.FINISH): ReferralStatus.DONE,
    (ReferralStatus.ACCEPTED, ReferralAction.WITHDRAW): ReferralStatus.WITHDRAWN,
}
#: States in which somebody still has to do something.
OPEN_STATES = (ReferralStatus.SENT, ReferralStatus.ACCEPTED)


def next_referral_status(status: ReferralStatus, action: ReferralAction) -> ReferralStatus:
    """The state that the action leads to; ReferralStateError."""
    if (status, action) not in _NEXT:
        raise ReferralStateError
    return _NEXT[status, action]


def referral_actions(status: ReferralStatus) -> frozenset[ReferralAction]:
    """What can be done in this state."""
    return frozenset(action for known, action in _NEXT if known is status)
