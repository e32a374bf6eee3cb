"""Whatever files of a month are imported, in whatever order, its lines are those of the bank."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fundapp.audit.checks import bank as checks
from fundapp.banking.operations import import_statement, undo_import
from fundapp.banking.queries import list_account_lines
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import read_file
from fundapp.db import db, unit_of_work
from tests.banking.statement_files import styles
from tests.factories.actors import OFFICER
from tests.factories.banking import Move, detail_of, make_bank_account, statement_file
from tests.factories.profiles import KBANK, KTB

FIRST = date(2026, 11, 1)
DAYS = 6
#: A file is downloaded at noon or in the evening of a day.
MOMENTS = range(2 * DAYS)
OPENING = 1_000_000


@dataclass(frozen=True)
class Movement:
    """A movement of the month, when it appears and when its text is whole."""

    day: int
    time: str
    satang: int
    text: str
    whole_text: str
    is_late: bool
    delay: int

    def seen(self, moment: int) -> Move | None:
        """The movement in a file of that moment, if it is there."""
        posted = 2 * self.day + self.is_late
        if moment < posted:
            return None
        text = self.whole_text if moment >= min(posted + self.delay, MOMENTS[-1]) else self.text
        return Move(self.satang, text, day_of(self.day), self.time)


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def movements(draw):
    text = draw(st.sampled_from(["", "X1", "X1001"]))
    name = draw(st.sampled_from(["", " A", " B", " Ref1 ABC"]))
    return Movement(
        day=draw(st.integers(0, DAYS - 1)),
        time=draw(st.sampled_from(["", "09:00", "10:15", "11:40"])),
        satang=draw(st.sampled_from([100, 100, 250_000, -100, 70_000])),
        text=text,
        whole_text=(text + name).strip(),
        is_late=draw(st.booleans()),
        delay=draw(st.integers(0, 3)),
    )


@st.composite
def downloads(draw):
    """(first day, last day, moment); the last day is at most that of the moment."""
    moment = draw(st.sampled_from(MOMENTS))
    last = draw(st.integers(0, moment // 2))
    return draw(st.integers(0, last)), last, moment


WHOLE = (0, DAYS - 1, MOMENTS[-1])


def cut(month, download):
    """The movements of a download, and the balance before them."""
    first, last, moment = download
    seen = [move for each in month if (move := each.seen(moment))]
    opening = OPENING + sum(move.satang for move in seen if move.day < day_of(first))
    return [move for move in seen if day_of(first) <= move.day <= day_of(last)], opening


def file_of(month, download, encoding):
    first, last, _moment = download
    moves, opening = cut(month, download)
    data = statement_file(
        moves, opening=opening, from_on=day_of(first), to_on=day_of(last), encoding=encoding
    )
    return read_file(data, file_name=f"{download}.csv", profile_name="ktb")


def styled_file_of(month, download, style):
    """A download as another bank, another program or another day wrote it; None when it says too
    little to be read in one way only.
    """
    moves, opening = cut(month, download)
    days = (day_of(download[0]), day_of(download[1]))
    # Where nothing but the times shows the order, times that are not in order mislead.
    written = [
        styles.Movement(move.day, move.satang, move.time * style.has_carries, move.detail)
        for move in moves
    ]
    if not written and not style.has_carries:
        return None
    data = styles.Writer(style, opening, days=days).write(written)
    try:
        return read_file(data, file_name=f"{download}.csv", profile_name=style.profile.code)
    except StatementRejected as rejected:
        if style.has_carries or not {each.code for each in rejected.errors} <= {"order", "sign"}:
            raise
        return None


def import_all(files):
    return [import_statement(file, account_code="KTB-MAIN", actor=OFFICER) for file in files]


def lines():
    """What counts, with the balance after each line."""
    return [
        (
            line.booked_on,
            line.booked_time,
            detail_of(line),
            line.deposit_satang - line.withdrawal_satang,
            line.balance_satang,
        )
        for line in list_account_lines("KTB-MAIN")
    ]


def expected(month):
    balance, found = OPENING, []
    for each in month:
        balance += each.satang
        found.append((day_of(each.day), each.time, each.whole_text, each.satang, balance))
    return found


class DoneError(Exception):
    """Ends a unit of work without a commit."""


def rolled_back(work):
    """The result of the work, which leaves nothing behind."""
    results = []

    def run():
        results.append(work())
        raise DoneError

    with pytest.raises(DoneError):
        unit_of_work(run)
    return results[-1]


def red():
    db.session.flush()
    return [check.name for check in checks.CHECKS if any(check.find())]


@pytest.fixture
def account(session, clock):
    make_bank_account()


months = st.lists(movements(), max_size=8).map(lambda each: sorted(each, key=lambda m: m.day))
encodings = st.sampled_from(["utf-8-sig", "utf-8", "cp874"])
#: The account stays as it is: each example is rolled back.
#: The same ones each time, so that a change of something else does not fail by chance.
examples = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@examples
@given(months, st.lists(st.tuples(downloads(), encodings), max_size=5), st.data())
def test_any_files_in_any_order_give_the_month(account, month, parts, data):
    files = [file_of(month, *part) for part in [*parts, (WHOLE, "utf-8-sig")]]
    files = data.draw(st.permutations(files))

    def work():
        import_all(files)
        return lines(), red()

    assert rolled_back(work) == (expected(month), [])


STYLES = st.builds(
    styles.Style,
    profile=st.sampled_from([KTB, KBANK]),
    order=st.sampled_from(styles.ORDERS),
    separator=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874"]),
    guard=st.sampled_from([str, '="{}"'.format]),
    negative=st.sampled_from(["-{}".format, "({})".format, "{}-".format]),
    amounts=st.sampled_from(["two", "one", "minus out", "given back"]),
    has_carries=st.sampled_from([True, True, False]),
    has_day_with_time=st.booleans(),
    has_thai_digits=st.booleans(),
    has_notes=st.booleans(),
    rows_per_page=st.sampled_from([3, 1_000]),
)


@pytest.mark.sqlite
@examples
@given(months, st.lists(st.tuples(downloads(), STYLES), max_size=5), STYLES, st.data())
def test_any_styles_of_file_in_any_order_give_the_month(account, month, parts, last_style, data):
    """Rows may be in another order in each file, so equal ones of a day are compared as a set."""
    whole = styled_file_of(month, WHOLE, replace(last_style, has_carries=True))
    files = [whole, *(file for part in parts if (file := styled_file_of(month, *part)))]
    files = data.draw(st.permutations(files))

    def work():
        import_all(files)
        return sorted(lines()), red()

    assert rolled_back(work) == (sorted(expected(month)), [])


@pytest.mark.sqlite
@examples
@given(months, st.lists(st.tuples(downloads(), encodings), min_size=2, max_size=4), st.data())
def test_undoing_an_import_leaves_what_the_others_say(account, month, parts, data):
    """Texts are told apart here, so that each line is the same in every order."""
    month = [replace(each, text=f"T{n}", whole_text=f"T{n} whole") for n, each in enumerate(month)]
    files = list({f.sha256: f for f in (file_of(month, *part) for part in parts)}.values())
    files = data.draw(st.permutations(files))
    undone = data.draw(st.sampled_from(files))

    def with_and_without():
        for file, result in zip(files, import_all(files), strict=True):
            if file is undone:
                public_id = result.statement.public_id
        undo_import(public_id, actor=OFFICER)
        left = lines(), red()
        import_all([undone])
        return left, lines()

    def without():
        import_all([file for file in files if file is not undone])
        return lines(), red()

    def with_it():
        import_all([*(file for file in files if file is not undone), undone])
        return lines()

    assert rolled_back(with_and_without) == (rolled_back(without), rolled_back(with_it))
