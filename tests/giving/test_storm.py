"""A small storm of notices at a real server with two workers; the large one is `make storm`."""

from tests.faults.processes import end
from tests.storm import storm


def test_three_hundred_deliveries_of_two_hundred_and_ten_events(database_url, tmp_path):
    try:
        result = storm(database_url, tmp_path, told=300, distinct=210, seed=1)
    finally:
        end()
    assert (result.told, result.distinct, result.refused) == (300, 210, 0)
    assert result.differences == []
    assert result.counts["processor_notices"] == result.counts["handled_notices"] == 210
    assert result.is_green
