"""The geometry of charts and the map: round axes, bars from zero, tones for every value."""

import pytest
from flask import render_template_string

from fundapp.web import charts

CHART_AND_MAP = """
{% from "components/charts.html" import bar_chart with context %}
{% from "components/map.html" import district_map with context %}
{{ bar_chart('gifts', 'Gifts', ['Oct', 'Nov'], [{'name': 'In', 'values': [150000, 300000]}]) }}
{{ district_map('where', 'Where', {'viewBox': '0 0 9 9', 'districts': {}},
                [{'code': '1', 'label': 'Betong', 'value': 150000}]) }}
"""


@pytest.mark.parametrize(
    ("span", "step"),
    [(0, 1), (4, 1), (7, 2), (24, 10), (40, 10), (41, 20), (199, 50), (1_000_000, 500_000)],
)
def test_a_step_is_one_two_or_five_times_a_power_of_ten(span: int, step: int) -> None:
    assert charts.nice_step(span) == step


def test_an_axis_holds_zero_and_every_value() -> None:
    assert charts.nice_bounds([350, 920]) == (0, 1000, 500)
    assert charts.nice_bounds([-30, 90]) == (-50, 100, 50)


@pytest.mark.parametrize(
    ("values", "unit", "bounds"),
    [([], 1, (0, 1, 1)), ([100], 1, (0, 100, 50)), ([101], 1, (0, 150, 50)),
     ([-100], 1, (-100, 0, 50)), ([-101, 5], 1, (-150, 50, 50)), ([150], 100, (0, 200, 100)),
     ([1], 100, (0, 100, 100))],
)  # fmt: skip
def test_the_bounds_of_an_axis_are_the_nearest_whole_steps(values, unit, bounds) -> None:
    assert charts.nice_bounds(values, unit) == bounds


def test_an_axis_without_values_still_has_a_height() -> None:
    low, high, _step = charts.nice_bounds([])
    assert low < high


def test_steps_of_satang_are_whole_baht() -> None:
    _low, _high, step = charts.nice_bounds([150], step_unit=100)
    assert step % 100 == 0


@pytest.fixture
def two_bars() -> charts.Chart:
    """100 and 50 on a drawing of 300 × 200.

    Between the paddings (22 above, 26 below) are 152 units for 0 to 100. The axis takes 8 units and
    7.2 for each digit of 100, so each of the two slots is 135.2 wide; a bar takes 0.68 of it, less
    one unit, and begins after 0.16 of it.
    """
    return charts.bar_geometry(["a", "b"], [[100, 50]], 300, 200)


def test_the_axis_of_a_drawing(two_bars: charts.Chart) -> None:
    assert (two_bars.width, two_bars.height, two_bars.left, two_bars.baseline) == (
        300, 200, 29.6, 174.0,
    )  # fmt: skip
    assert [(tick.value, tick.y) for tick in two_bars.ticks] == [(0, 174), (50, 98), (100, 22)]
    assert [(label.text, label.x) for label in two_bars.labels] == [("a", 97.2), ("b", 232.4)]


def test_the_bars_of_a_drawing(two_bars: charts.Chart) -> None:
    assert two_bars.bars == (
        charts.Bar(series=0, index=0, x=51.2, y=22.0, width=90.9, height=152.0),
        charts.Bar(series=0, index=1, x=186.4, y=98.0, width=90.9, height=76.0),
    )


def test_coordinates_are_in_tenths() -> None:
    """Three steps share 152 units, and three slots 277.6."""
    chart = charts.bar_geometry(["a", "b", "c"], [[1, 2, 3]], 300, 200)
    assert chart.left == 15.2
    assert [(tick.value, tick.y) for tick in chart.ticks] == [
        (0, 174.0), (1, 123.3), (2, 72.7), (3, 22.0),
    ]  # fmt: skip
    assert [label.x for label in chart.labels] == [62.7, 157.6, 252.5]
    assert [(bar.x, bar.y, bar.width, bar.height) for bar in chart.bars] == [
        (30.4, 123.3, 63.6, 50.7), (125.3, 72.7, 63.6, 101.3), (220.3, 22.0, 63.6, 152.0),
    ]  # fmt: skip


def test_a_single_label_is_in_the_middle_of_the_drawing() -> None:
    chart = charts.bar_geometry(["a"], [[1]], 300, 200)
    assert [label.x for label in chart.labels] == [(chart.left + chart.width) / 2]


def test_the_bars_of_two_series_are_side_by_side() -> None:
    first, second = charts.bar_geometry(["a"], [[100], [-100]], 300, 200).bars
    assert (first.series, second.series) == (0, 1)
    assert second.x == pytest.approx(first.x + first.width + 1, abs=0.2)
    assert second.y == first.y + first.height == 98.0


def test_a_bar_is_at_least_one_unit_wide() -> None:
    bars = charts.bar_geometry([str(day) for day in range(300)], [[1] * 300], 300, 200).bars
    assert {bar.width for bar in bars} == {1}


def test_the_axis_is_in_the_unit_that_is_shown() -> None:
    chart = charts.bar_geometry(["a"], [[1_000_000_00]], 300, 200, unit=100)
    assert [tick.value for tick in chart.ticks] == [0, 50_000_000, 100_000_000]
    assert chart.left == round(8 + 7.2 * len("1,000,000"), 1)


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
    # A slot is 13.3 wide and a label 58, so every fifth is shown, counted from the newest.
    assert shown == ["3", "8", "13", "18", "23"]


def test_labels_that_have_room_are_all_shown() -> None:
    labels = ["a", "b", "c"]
    chart = charts.bar_geometry(labels, [[1] * 3], 300, 200)
    assert [label.text for label in chart.labels] == labels


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


def test_the_legend_is_in_equal_round_steps() -> None:
    legend = charts.tone_legend([0, 182_345_000], unit=100)
    steps = [(step.tone, step.low, step.high) for step in legend]
    step = 50_000_000
    assert steps == [(tone, tone * step, (tone + 1) * step) for tone in range(4)]
    assert charts.tone_of(step - 1, legend) == "0"
    assert charts.tone_of(step, legend) == "1"
    assert charts.tone_of(step * 9, legend) == "3"


@pytest.mark.parametrize(
    ("top", "tones"), [(0, 1), (1, 2), (4, 5), (5, 3), (9, 5), (10, 3), (99, 5), (100, 3)]
)
def test_the_legend_has_no_step_above_the_largest_value(top: int, tones: int) -> None:
    legend = charts.tone_legend([top])
    assert len(legend) == tones
    assert legend[-1].low <= top < legend[-1].high


def test_a_legend_of_nothing_has_one_step() -> None:
    assert charts.tone_legend([None]) == charts.tone_legend([]) == (charts.ToneRange(0, 0, 1),)


def test_a_withheld_value_has_no_tone() -> None:
    assert charts.tone_of(None, charts.tone_legend([None])) == "none"


def test_axis_text_is_in_whole_units() -> None:
    assert charts.tick_text(1_500_000_00, 100) == "1,500,000"
    assert charts.tick_text(1_500) == charts.grouped(1_500) == "1,500"


@pytest.mark.sqlite
def test_pages_draw_a_chart_and_the_legend_of_a_map(app) -> None:
    with app.test_request_context("/?lang=en"):
        page = render_template_string(CHART_AND_MAP)
    assert page.count('<rect class="chart-a" x=') == 4  # two bars in two sizes
    assert page.count('class="tone-3"') == 2  # in the legend and beside the row
    assert "1,500 – 2,000" in page
