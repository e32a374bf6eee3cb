"""The clock: the present, and the past while history is loaded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fundapp import clock as kernel_clock
from tests.conftest import MORNING

PAST = datetime(2025, 3, 1, 18, 30, tzinfo=UTC)


def test_days_are_days_in_thailand():
    assert kernel_clock.local_day(PAST) == date(2025, 3, 2)


def test_history_stands_at_its_instant_and_returns(clock):
    with kernel_clock.at(PAST):
        assert kernel_clock.now() == PAST
        assert kernel_clock.today() == date(2025, 3, 2)
    assert kernel_clock.now() == MORNING


def test_an_error_returns_to_the_present(clock):
    with pytest.raises(KeyError), kernel_clock.at(PAST):
        raise KeyError
    assert kernel_clock.now() == MORNING


@pytest.mark.parametrize("moment", [MORNING + timedelta(seconds=1), datetime(2025, 3, 1)])  # noqa: DTZ001
def test_what_is_to_come_is_no_history(clock, moment):
    with pytest.raises(ValueError, match="gone by"), kernel_clock.at(moment):
        pass
