"""One true statement, written in any style, is read as it happened; changed, it is never taken."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import parse_statement
from tests.banking.statement_files.styles import ORDERS, Movement, Style, Writer
from tests.factories.profiles import KBANK, KTB, NAMED_MONTHS, SHORT_BUDDHIST

FIRST = date(2026, 11, 2)
DOUBT = {"order", "sign"}

MOVEMENTS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from([-2_500, 2_500, 50_000, -50_000]) | st.integers(-(10**9), 10**9),
    ).filter(lambda pair: pair[1]),
    min_size=1,
    max_size=12,
).map(
    lambda pairs: [
        Movement(FIRST + timedelta(days=day), satang)
        for day, satang in sorted(pairs, key=lambda pair: pair[0])
    ]
)
STYLES = st.builds(
    Style,
    profile=st.sampled_from([KTB, KBANK, SHORT_BUDDHIST, NAMED_MONTHS]),
    order=st.sampled_from(ORDERS),
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp874"]),
    guard=st.sampled_from([str, '="{}"'.format, "'{}".format]),
    negative=st.sampled_from(["-{}".format, "({})".format, "{}-".format, "\u2212{}".format]),
    amounts=st.sampled_from(["two", "one", "minus out", "given back"]),
    has_carries=st.booleans(),
    has_day_with_time=st.booleans(),
    has_thai_digits=st.booleans(),
    has_notes=st.booleans(),
    rows_per_page=st.sampled_from([3, 1_000]),
)
OPENINGS = st.integers(-(10**7), 10**9)


def is_written(style):
    """Whether the encoding has the style's minus."""
    return not (style.encoding == "cp874" and style.negative("") == "\u2212")


def truth(movements, opening):
    """Day, amount and balance of each movement."""
    rows, balance = [], opening
    for movement in movements:
        balance += movement.satang
        rows.append((movement.day, movement.satang, balance))
    return opening, rows


def read(data, profile):
    """What is read, in the form of `truth`; the codes of the errors of a refused file."""
    try:
        parsed = parse_statement(data, profile)
    except StatementRejected as rejected:
        return {error.code for error in rejected.errors}
    return parsed.opening_satang, [
        (line.booked_on, line.deposit_satang - line.withdrawal_satang, line.balance_satang)
        for line in parsed.lines
    ]


@settings(max_examples=300)
@given(STYLES, MOVEMENTS, OPENINGS)
def test_every_style_is_read_as_it_happened(style, movements, opening):
    assume(is_written(style))
    result = read(Writer(style, opening).write(movements), style.profile)
    if style.has_carries or not isinstance(result, set):
        assert result == truth(movements, opening)
    else:
        assert result <= DOUBT


@settings(max_examples=300)
@given(STYLES, MOVEMENTS, OPENINGS, st.data())
def test_a_changed_amount_is_never_taken(style, movements, opening, data):
    assume(is_written(style))
    style = replace(style, has_carries=True)
    index = data.draw(st.integers(0, len(movements) - 1))
    factor = data.draw(st.sampled_from([-1, 10, 100]))
    shown = data.draw(st.integers(-(10**9), 10**9) | st.just(movements[index].satang * factor))
    assume(shown != movements[index].satang)
    result = read(Writer(style, opening, {index: shown}).write(movements), style.profile)
    # The same amount with the other sign may be another way to write the truth.
    is_same = abs(shown) == abs(movements[index].satang)
    assert isinstance(result, set) or (is_same and result == truth(movements, opening))


@settings(deadline=None)
@given(MOVEMENTS, OPENINGS, st.randoms())
def test_a_file_that_somebody_sorted_is_read_in_the_order_of_its_balances(
    movements, opening, random
):
    lines = Writer(Style(KTB), opening).write(movements).decode().splitlines()
    first, last = 4, len(lines) - 1
    body = lines[first:last]
    random.shuffle(body)
    found = read("\n".join([*lines[:first], *body, lines[last]]).encode(), KTB)
    days = [movement.day for movement in movements]
    assert not isinstance(found, set)
    assert [row[0] for row in found[1]] == days
    assert sorted(found[1]) == sorted(truth(movements, opening)[1])


@pytest.mark.parametrize("order", ORDERS)
def test_a_wrong_row_is_told_once(order):
    movements = [Movement(FIRST + timedelta(days=n // 3), 10_000 + n) for n in range(30)]
    style = Style(KTB, order=order)
    data = Writer(style, 500_000, {11: 77}).write(movements)
    with pytest.raises(StatementRejected) as rejected:
        parse_statement(data, KTB)
    (error,) = rejected.value.errors
    assert error.code == "running_balance"
    assert "0.77" in data.decode().splitlines()[error.row - 1]
