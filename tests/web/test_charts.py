"""The geometry of charts and the map: round axes, bars from zero, tones for every value."""

import pytest

from fundapp.web import charts


@pytest.mark.parametrize(
    ("span", "step"), [(0, 1), (4, 1), (7, 2), (40, 10), (41, 20), (199, 50), (1_000_000, 500_000)]
)
def test_a_step_is_one_two_or_five_times_a_power_of_ten(span: int, step: int) -> None:
    assert charts.nice_step(span) == step


def test_an_axis_holds_zero_and_every_value() -> None:
    assert charts.nice_bounds([350, 920]) == (0, 1000, 500)
    assert charts.nice_bounds([-30, 90]) == (-50, 100, 50)


def test_an_axis_without_values_still_has_a_height() -> None:
    low, high, _step = charts.nice_bounds([])
    assert low < high


def test_steps_of_satang_are_whole_baht() -> None:
    _low, _high, step = charts.nice_bounds([150], step_unit=100)
    assert step % 100 == 0


def test_bars_begin_at_the_baseline_and_stay_inside_the_drawing() -> None:
    chart = charts.bar_geometry(["a", "b", "c"], [[100, 0, 50], [20, 80, -40]], 300, 200)
    for bar in chart.bars:
        assert chart.left <= bar.x <= bar.x + bar.width <= chart.width
        assert chart.baseline in (pytest.approx(bar.y), pytest.approx(bar.y + bar.height, abs=0.2))


def test_twice_the_value_is_twice_the_height() -> None:
    first, second = charts.bar_geometry(["a", "b"], [[200, 100]], 300, 200).bars
    assert first.height == pytest.approx(2 * second.height, abs=0.2)


def test_labels_without_room_are_left_out_but_the_newest_is_shown() -> None:
    labels = [str(month) for month in range(24)]
    shown = [label.text for label in charts.bar_geometry(labels, [[1] * 24], 340, 200).labels]
    assert len(shown) < 24
    assert shown[-1] == "23"


def test_an_empty_chart_draws_its_axis_only() -> None:
    chart = charts.bar_geometry([], [[]], 300, 200)
    assert chart.bars == ()
    assert chart.ticks


def test_the_legend_covers_every_value_in_five_tones_at_most() -> None:
    values = [0, 1, 99_999, 182_345_000, None]
    legend = charts.tone_legend(values, unit=100)
    assert len(legend) <= charts.MAP_TONES
    for value in values:
        if value is not None:
            step = legend[int(charts.tone_of(value, legend))]
            assert step.low <= value < step.high


def test_a_withheld_value_has_no_tone() -> None:
    assert charts.tone_of(None, charts.tone_legend([None])) == "none"


def test_axis_text_is_in_whole_units() -> None:
    assert charts.tick_text(1_500_000_00, 100) == "1,500,000"
