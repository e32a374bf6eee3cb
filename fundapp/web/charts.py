"""Geometry of the charts and the map that templates draw as SVG.

Everything here is a pure function of its arguments: numbers in, coordinates out. The macros in
``templates/components`` write the coordinates as SVG attributes, because the content security
policy allows no inline style. Amounts are integers (satang or counts); only coordinates are floats.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from flask import Flask

#: Width of one label under the axis, in drawing units: "ก.ย. 2569" at 12 units a line.
LABEL_WIDTH = 58.0
PAD_TOP = 22.0
PAD_BOTTOM = 26.0
#: Width of one digit of an axis value; the axis at the left is as wide as its longest value.
DIGIT_WIDTH = 7.2
MAP_TONES = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A horizontal grid line: its value and its height on the drawing."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A text under the axis, centred at ``x``."""

    text: str
    x: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle; ``series`` and ``index`` say whose value it is."""

    series: int
    index: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a chart macro needs to draw one size of a chart."""

    width: int
    height: int
    left: float
    baseline: float
    ticks: tuple[Tick, ...]
    labels: tuple[AxisLabel, ...]
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class ToneRange:
    """A step of the map's legend: values from ``low`` up to, not including, ``high``."""

    tone: int
    low: int
    high: int


def nice_step(span: int, wanted: int = 4) -> int:
    """A round step (1, 2 or 5 times a power of ten) for about ``wanted`` parts of ``span``."""
    rough = ceil(span / wanted)
    power = int("1".ljust(len(str(rough)), "0"))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)


def nice_bounds(values: Iterable[int], step_unit: int = 1) -> tuple[int, int, int]:
    """(low, high, step) of an axis that holds zero and all ``values``, in round steps.

    ``step_unit`` keeps the steps whole units of what is shown: 100 for satang shown as baht.
    """
    known = [0, *values]
    smallest, largest = min(known), max(known)
    step = nice_step(ceil((largest - smallest) / step_unit)) * step_unit
    low = -ceil(-smallest / step) * step
    return low, max(ceil(largest / step) * step, low + step), step


@dataclass(frozen=True, slots=True)
class _Frame:
    """What both kinds of chart share: the axes, and the width of one label's slot."""

    chart: Chart
    slot: float
    y_of: Callable[[int], float]

    def slot_start(self, index: int) -> float:
        return self.chart.left + self.slot * index


def _frame(
    size: tuple[int, int], labels: Sequence[str], series: Sequence[Sequence[int]], unit: int
) -> _Frame:
    width, height = size
    low, high, step = nice_bounds((value for values in series for value in values), unit)
    room = height - PAD_TOP - PAD_BOTTOM

    def y_of(value: int) -> float:
        return _tenths(PAD_TOP + room * (high - value) / (high - low))

    ticks = tuple(Tick(value, y_of(value)) for value in range(low, high + 1, step))
    left = _tenths(8 + DIGIT_WIDTH * max(len(tick_text(tick.value, unit)) for tick in ticks))
    slot = (width - left) / max(1, len(labels))
    shown = _axis_labels(labels, left, slot)
    return _Frame(Chart(width, height, left, y_of(0), ticks, shown), slot, y_of)


def _tenths(coordinate: float) -> float:
    """A coordinate to a tenth of a drawing unit."""
    return round(coordinate, 1)


def _axis_labels(labels: Sequence[str], left: float, slot: float) -> tuple[AxisLabel, ...]:
    every = ceil(LABEL_WIDTH / slot)
    last = len(labels) - 1
    # Counted from the newest, so that the newest label is always there.
    return tuple(
        AxisLabel(str(text), _tenths(left + slot * (index + 0.5)))
        for index, text in enumerate(labels)
        if (last - index) % every == 0
    )


def bar_geometry(
    labels: Sequence[str],
    series: Sequence[Sequence[int | None]],
    width: int,
    height: int,
    unit: int = 1,
) -> Chart:
    """A chart of grouped vertical bars: a group for each label, in it a bar for each series.

    There is at least one series; each has a value for each label, None where it is withheld, which
    is drawn without a height.
    """
    known = [[value or 0 for value in values] for values in series]
    frame = _frame((width, height), labels, known, unit)
    bar_width = frame.slot * 0.68 / len(series)
    baseline = frame.chart.baseline
    bars = tuple(
        Bar(
            series=number,
            index=index,
            x=_tenths(frame.slot_start(index) + frame.slot * 0.16 + bar_width * number),
            y=min(frame.y_of(value), baseline),
            width=_tenths(max(bar_width - 1, 1)),
            height=_tenths(abs(frame.y_of(value) - baseline)),
        )
        for number, values in enumerate(known)
        for index, value in enumerate(values)
    )
    return replace(frame.chart, bars=bars)


def tone_legend(values: Iterable[int | None], unit: int = 1) -> tuple[ToneRange, ...]:
    """Up to five equal, round ranges that hold every known value, the lightest tone first."""
    top = max((value for value in values if value is not None), default=0)
    step = nice_step(ceil((top + 1) / unit), MAP_TONES) * unit
    return tuple(
        ToneRange(tone, tone * step, (tone + 1) * step)
        for tone in range(MAP_TONES)
        if tone == 0 or tone * step <= top
    )


def tone_of(value: int | None, legend: Sequence[ToneRange]) -> str:
    """The tone of a value as text ("0" … "4"), or "none" for one that is withheld."""
    if value is None:
        return "none"
    return next((str(step.tone) for step in legend if value < step.high), str(legend[-1].tone))


def grouped(value: int) -> str:
    """A whole number with thousands separators: 12345 is "12,345"."""
    return f"{value:,}"


def tick_text(value: int, unit: int = 1) -> str:
    """An axis value in whole units, grouped: 150000 satang with unit 100 are "1,500"."""
    return grouped(value // unit)


def init_app(app: Flask) -> None:
    """Let every template call these functions."""
    helpers: tuple[Callable[..., Any], ...] = (
        bar_geometry,
        tone_legend,
        tone_of,
        grouped,
        tick_text,
    )
    app.jinja_env.globals.update({helper.__name__: helper for helper in helpers})
