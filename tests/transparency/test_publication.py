"""Publishing month by month: what was recorded by then, once and for all; what the public sees."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.actors import VISITOR
from fundapp.csv_safety import plain_text
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import LineDraft
from fundapp.errors import ForbiddenError
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.trail.models import AuditEvent
from fundapp.transparency.errors import MonthNotOverError
from fundapp.transparency.models import FigureKind
from fundapp.transparency.operations import publish_months
from fundapp.transparency.queries import find_published, list_published, overview
from fundapp.transparency.rises import K
from fundapp.worker.rounds import Rounds
from tests.disbursements.test_returns import again, broken, come_back, send_again
from tests.disbursements.test_share_returns import share_back
from tests.factories.actors import WORKER
from tests.factories.books import make_entry
from tests.factories.children import MUEANG, RAMAN, YAHA
from tests.factories.disbursements import (
    CLASS_SHARES,
    THOUSAND,
    decide,
    help_children,
    make_approved,
    make_paid,
    make_team,
    pay,
    pay_class,
)

OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
#: Midnight in Thailand at the end of November, and of December.
END_OF_NOVEMBER = datetime(2026, 11, 30, 17, tzinfo=UTC)
END_OF_DECEMBER = datetime(2026, 12, 31, 17, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def team(build_once, clock):
    return build_once("rich team", make_rich_team)


def make_rich_team():
    return make_team(available_satang=200 * THOUSAND)


@pytest.fixture
def visitor(client):
    client.set_cookie("lang", "en")
    return client


def publish(until=None):
    return unit_of_work(publish_months, until=until, actor=WORKER)


def figures(month=NOVEMBER, unit=THOUSAND):
    """Help in thousands and children, of each district that shows any."""
    db.session.rollback()
    published = find_published(month)
    codes = {figure.district_code for figure in published.figures if figure.district_code}
    shown = {
        code: (
            (published.total(FigureKind.HELP_PAID, district_code=code) or 0) // unit,
            published.total(FigureKind.CHILDREN_HELPED, district_code=code),
        )
        for code in codes
    }
    return {code: values for code, values in shown.items() if values != (0, None)}


def fees(month=NOVEMBER):
    return find_published(month).total(FigureKind.BANK_FEES)


class TestPublishing:
    """The operation."""

    def test_a_month_is_published_when_it_is_over_and_once(self, team, clock):
        help_children(team, K + 1)
        assert publish() == []
        clock.move_to(END_OF_NOVEMBER + AN_HOUR - timedelta(seconds=1))
        assert publish() == []
        clock.shift(timedelta(seconds=1))
        assert publish() == [NOVEMBER]
        assert publish() == []
        assert figures() == {RAMAN: (11, 11)}

    def test_months_that_were_missed_are_published_in_order(self, team, clock):
        help_children(team, K + 1)
        clock.move_to(datetime(2027, 2, 10, tzinfo=UTC))
        assert publish(DECEMBER) == [NOVEMBER, DECEMBER]
        assert publish() == [date(2027, 1, 1)]

    def test_nothing_is_published_before_help_is_paid(self, team, clock):
        make_approved(team)
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        assert publish() == []

    def test_a_month_that_is_not_over_is_refused(self, team):
        with pytest.raises(MonthNotOverError, match="2026-11 is not over"):
            publish(NOVEMBER)

    @pytest.mark.sqlite
    def test_a_visitor_may_not_publish(self, team):
        with pytest.raises(ForbiddenError):
            unit_of_work(publish_months, actor=VISITOR)

    @pytest.mark.sqlite
    def test_it_is_in_the_trail(self, team, clock):
        help_children(team, 1)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        action = "transparency:publication:publish"
        event = db.session.scalars(select(AuditEvent).filter_by(action=action)).one()
        assert (event.actor, event.subject_ref) == ("worker", "2026-11")

    def test_a_late_record_changes_the_next_month_only(self, team, clock):
        """Paid in November, recorded in December: November stays, and is computed no more."""
        help_children(team, K + 1)
        late = make_approved(team)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        november = figures()
        pay(late, team, paid_on=date(2026, 11, 25))
        for _ in range(K):
            help_children(team, 1)
        assert publish() == []
        assert figures() == november == {RAMAN: (11, 11)}
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        publish()
        assert figures() == november
        assert figures(DECEMBER) == {RAMAN: (22, 22)}

    def test_one_child_more_changes_nothing(self, team, clock):
        help_children(team, 20)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        help_children(team, 1)
        help_children(team, K, district=YAHA)
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        publish()
        assert figures(DECEMBER) == figures() == {RAMAN: (20, 20)}

    def test_a_fee_alone_does_not_show_a_payment(self, team, clock):
        help_children(team, K + 1)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        assert fees() == 0
        fee = PostingDraft(team.fund, chart.BANK_FEES, chart.BANK_MAIN, 1_000)
        make_entry(fee, kind=EntryKind.BANK_FEE)
        make_paid(team)
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        publish()
        assert fees(DECEMBER) == 0
        help_children(team, K + 1)
        clock.move_to(datetime(2027, 2, 2, tzinfo=UTC))
        publish()
        assert fees(date(2027, 1, 1)) == 1_000

    def test_four_workers_at_once_publish_once(self, app, team, clock):
        help_children(team, K + 1)
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        barrier = threading.Barrier(4)

        def work(_number):
            barrier.wait(timeout=60)
            with app.app_context():
                try:
                    return publish()
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(max_workers=4) as pool:
            published = list(pool.map(work, range(4)))
        assert sorted(published) == [[], [], [], [NOVEMBER, DECEMBER]]

    @pytest.mark.sqlite
    def test_the_worker_publishes_within_an_hour(self, team, clock):
        help_children(team, 1)
        rounds = Rounds()
        rounds.work_once()
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        rounds.work_once()
        assert [published.month for published in list_published()] == [NOVEMBER]

    @pytest.mark.sqlite
    def test_the_command(self, team, clock, runner):
        def said(*args):
            return runner.invoke(args=["transparency", "publish", *args])

        help_children(team, 1)
        refused = said("--month", "2026-11")
        assert refused.exit_code == 1
        assert "2026-11 is not over" in refused.output
        assert "YYYY-MM" in said("--month", "November").output
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        assert said("--month", "2026-11").output == "published 2026-11\n"
        assert said().output == "published 2026-12\n"
        assert said().output == "nothing to publish\n"


class TestTheDatabase:
    """What was published stays, whatever program writes."""

    @pytest.fixture
    def published(self, build_once, clock):
        def build():
            help_children(make_rich_team(), K + 1)
            clock.move_to(END_OF_NOVEMBER + AN_HOUR)
            publish()

        build_once("publication", build)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)

    @pytest.mark.parametrize(
        ("statement", "refusal"),
        [
            ("UPDATE published_figures SET value = 12 WHERE value IS NOT NULL", "append-only"),
            ("DELETE FROM published_figures", "append-only"),
            ("UPDATE publications SET published_by = 'x'", "append-only"),
            ("DELETE FROM publications", "append-only"),
            (
                "INSERT INTO published_figures VALUES"
                " ('2026-11-01', 'help_paid', 'NEW', '', NULL, NULL)",
                "the month is published",
            ),
            (
                "INSERT INTO published_figures VALUES"
                " ('2026-12-01', 'children_helped', '', '9506', 10, '2026-12-01')",
                "not_small",
            ),
            (
                "INSERT INTO published_figures VALUES"
                " ('2026-12-01', 'children_helped', '', '9506', 12, '2027-01-01')",
                "rose_by_then",
            ),
        ],
    )
    def test_by_raw_sql(self, published, statement, refusal):
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(db.session.execute, text(statement))

    @pytest.mark.parametrize(
        ("month", "at", "count", "refusal"),
        [
            ("2026-12-01", "2026-12-31T16:59:59Z", 1, "the month is not over"),
            ("2027-01-01", "2027-02-01T00:00:00Z", 1, "not the month after the last one"),
            ("2026-12-01", "2027-01-01T00:00:00Z", 2, "not the figures that it states"),
            ("2026-12-02", "2027-01-03T00:00:00Z", 1, "not the first day of a month"),
        ],
    )
    def test_a_month_that_may_not_be_published(self, published, month, at, count, refusal):
        def work():
            db.session.execute(
                text(
                    "INSERT INTO published_figures VALUES"
                    f" ('{month}', 'help_paid', 'NEW', '', NULL, NULL)"
                )
            )
            zeros = (
                "zeroblob(32)" if db.engine.name == "sqlite" else "decode(repeat('00', 32), 'hex')"
            )
            db.session.execute(
                text(f"INSERT INTO publications VALUES ('{month}', '{at}', 'x', {count}, {zeros})")
            )

        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(work)

    def test_a_figure_without_its_publication(self, published):
        figure = "('2026-12-01', 'help_paid', 'NEW', '', NULL, NULL)"
        statement = text(f"INSERT INTO published_figures VALUES {figure}")
        with pytest.raises(DBAPIError, match=r"(?i)foreign key"):
            unit_of_work(db.session.execute, statement)


def amounts(page):
    """Every number of the page, as people read it."""
    return re.findall(r"\d[\d,]*\.\d\d|\bwithheld\b", re.sub(r"<[^>]+>", " ", page))


class TestThePublic:
    """What the page and the files show."""

    @pytest.mark.sqlite
    def test_the_chart_has_what_each_publication_raised(self, team, clock):
        help_children(team, K + 1)
        clock.move_to(END_OF_NOVEMBER)
        help_children(team, K)
        clock.move_to(END_OF_DECEMBER)
        help_children(team, 2)
        clock.move_to(datetime(2027, 2, 2, tzinfo=UTC))
        publish()
        months = overview(date(2027, 2, 2)).months
        shown = {f"{month.starts_on:%m}": month.help_satang // THOUSAND for month in months}
        assert (shown["11"], shown["12"], shown["01"], shown["02"]) == (11, 0, 12, 0)

    @pytest.mark.sqlite
    def test_no_step_of_one_childs_help_is_live(self, team, visitor, clock):
        """Asked for, approved, paid: the page says the same, byte for byte of its numbers."""
        help_children(team, K + 1)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        before = amounts(visitor.get("/").text)
        request = make_approved(team)
        assert amounts(visitor.get("/").text) == before
        pay(request, team)
        clock.shift(timedelta(minutes=2))  # no page is remembered so long
        assert amounts(visitor.get("/").text) == before
        assert "11,000.00" in before

    @pytest.mark.sqlite
    def test_the_page_before_anything_is_published(self, team, visitor):
        help_children(team, K + 1)
        page = visitor.get("/").text
        assert "Nothing is published yet" in page
        assert "11,000.00" not in page
        assert "200,000.00" in page

    @pytest.mark.sqlite
    def test_map_and_table_show_the_same_rows_and_their_sum(self, team, visitor, clock):
        help_children(team, K + 1)
        help_children(team, K + 2, district=MUEANG)
        for district in (YAHA, "9502"):
            help_children(team, 6, district=district)
        clock.move_to(datetime(2027, 5, 31, 18, tzinfo=UTC))
        publish()
        page = visitor.get("/").text
        drawn, table = page.split('id="districts"')[1].split('id="children"')
        of_districts = re.findall(r"<tr>.*?</tr>", table.split("<tbody>")[1], re.DOTALL)
        read = [amounts(row) for row in of_districts[:8]]
        on_map = [amounts(row) for row in re.findall(r"<tr>.*?</tr>", drawn, re.DOTALL)[1:]]
        assert [row[:1] for row in read] == on_map
        assert amounts(of_districts[8]) == ["12,000.00"]
        assert "Not shown by district" in of_districts[8]
        assert amounts(table.split("<tfoot>")[1])[0] == "35,000.00"

    @pytest.mark.sqlite
    def test_the_page_says_of_when_and_why(self, team, visitor, clock):
        help_children(team, K + 1)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        page = " ".join(visitor.get("/").text.split())
        for sentence in (
            "made of what was recorded by the end of 30 November 2026, as far as it can be shown",
            "published on 1 Dec 2026 01:00",
            "more than 10 children are behind the rise",
            "Withheld means: 10 children or fewer",
            "has waited 6 months",
            "help that is approved, or paid and not published yet, is still in hand",
        ):
            assert sentence in page
        assert "Invented" not in page

    @pytest.mark.sqlite
    def test_the_files_have_every_figure_of_the_rows(self, team, visitor, clock):
        help_children(team, K + 1)
        clock.move_to(END_OF_DECEMBER + AN_HOUR)
        publish()
        assert visitor.get("/figures.json").mimetype == "application/json"
        months = json.loads(visitor.get("/figures.json").text)["months"]
        assert [month["month"] for month in months] == ["2026-11", "2026-12"]
        assert months[0]["recorded_until"] == "2026-11-30"
        assert months[0]["published_at"] == "2026-12-31T18:00:00Z"
        assert len({month["sha256"] for month in months}) == 2
        raman = [f for f in months[0]["figures"] if f["district"] == RAMAN]
        assert [(f["kind"], f["value"], f["rose_in"]) for f in raman] == [
            ("children_helped", 11, "2026-11"),
            ("help_paid", 11 * THOUSAND, "2026-11"),
        ]
        rows = visitor.get("/figures.csv").text.lstrip("\ufeff").splitlines()
        assert rows[0] == "month,kind,fund,district,value,rose_in"
        assert len(rows) - 1 == sum(len(month["figures"]) for month in months)
        assert f"2026-11,help_paid,GENERAL,{RAMAN},{11 * THOUSAND},2026-11" in rows
        assert f"2026-11,help_paid,GENERAL,{YAHA},," in rows
        assert all(plain_text(cell) == cell for row in rows for cell in row.split(","))

    @pytest.mark.sqlite
    def test_files_are_made_anew_when_a_month_is_published(self, team, visitor, clock):
        assert json.loads(visitor.get("/figures.json").text) == {"months": []}
        help_children(team, 1)
        clock.move_to(END_OF_NOVEMBER + AN_HOUR)
        publish()
        assert len(json.loads(visitor.get("/figures.json").text)["months"]) == 1


def test_a_published_payment_that_came_back_is_counted_once(team, clock):
    help_children(team, K + 1)
    paid = make_paid(team)
    clock.move_to(END_OF_NOVEMBER + AN_HOUR)
    assert publish() == [NOVEMBER]
    shown = figures()[RAMAN]
    assert shown == (K + 2, K + 2)
    come_back(paid, team)
    assert broken() == set()
    send_again(paid, team)
    decide(again(paid), team)
    pay(again(paid), team)
    help_children(team, K + 1)
    clock.move_to(END_OF_DECEMBER + AN_HOUR)
    assert publish() == [DECEMBER]
    assert figures(DECEMBER)[RAMAN] == (2 * K + 3, 2 * K + 3)
    assert broken() == set()


def test_a_published_share_that_came_back_is_counted_once(team, clock):
    """What the child gets later is counted beyond that. Back before its month was published, it is
    in no figure.
    """
    help_children(team, K + 1)
    request, (one, two, _three) = pay_class(team)
    share_back(request, team, two)
    clock.move_to(END_OF_NOVEMBER + AN_HOUR)
    assert publish() == [NOVEMBER]
    before = (K + 1) * THOUSAND + sum(CLASS_SHARES) - 320_00
    assert figures(unit=1)[RAMAN] == (before, K + 3)
    share_back(request, team, one)
    assert broken() == set()
    make_paid(team, 400_00, lines=[LineDraft(one.public_id, 400_00)])
    help_children(team, K + 1)
    clock.move_to(END_OF_DECEMBER + AN_HOUR)
    assert publish() == [DECEMBER]
    assert figures(DECEMBER, unit=1)[RAMAN] == (before + (K + 1) * THOUSAND + 80_00, 2 * K + 4)
    assert broken() == set()
