"""What a sample may become next (pure)."""

from enum import StrEnum

from fundapp.audit.samples.errors import SampleStateError
from fundapp.audit.samples.models import SampleStatus


class SampleAction(StrEnum):
    """What is done with a sample."""

    DRAW = "draw"
    CHECK = "check"
    CLOSE = "close"


_NEXT: dict[tuple[SampleStatus, SampleAction], SampleStatus] = {
    (SampleStatus.FROZEN, SampleAction.DRAW): SampleStatus.DRAWN,
    (SampleStatus.DRAWN, SampleAction.CHECK): SampleStatus.DRAWN,
    (SampleStatus.DRAWN, SampleAction.CLOSE): SampleStatus.CLOSED,
}


def next_sample_status(status: SampleStatus, action: SampleAction) -> SampleStatus:
    """The state that the action leads to; SampleStateError."""
    if (status, action) not in _NEXT:
        raise SampleStateError
    return _NEXT[status, action]
