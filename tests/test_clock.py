"""The clock: the present, and a past instant while history is loaded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fundapp import clock as kernel_clock
from tests.conftest import MORNING

PAST = datetime(2025, 3, 1, 18, 30, tzinfo=UTC)


def test_days_are_days_in_thailand():
    assert kernel_clock.local_day(PAST) == date(2025, 3, 2)


def test_a_past_instant_holds_inside_the_block_only(clock):
    with kernel_clock.at(PAST):
        assert kernel_clock.now() == PAST
        assert kernel_clock.today() == date(2025, 3, 2)
    assert kernel_clock.now() == MORNING


def test_an_error_ends_the_past_instant_too(clock):
    with pytest.raises(KeyError), kernel_clock.at(PAST):
        raise KeyError
    assert kernel_clock.now() == MORNING


@pytest.mark.parametrize("moment", [MORNING + timedelta(seconds=1), datetime(2025, 3, 1)])  # noqa: DTZ001
def test_a_future_or_naive_instant_is_refused(clock, moment):
    with pytest.raises(ValueError, match="not in the future"), kernel_clock.at(moment):
        pass
