"""A gift or pledge is given to several funds by amount or percent, exact to the satang."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.audit.checks import CHECKS, run_checks
from fundapp.audit.models import CheckState
from fundapp.db import db, unit_of_work
from fundapp.giving import operations
from fundapp.giving.errors import (
    BelowMinimumError,
    FundPausedError,
    NoSharedAccountError,
    SplitError,
    ZakatApartError,
)
from fundapp.giving.models import Frequency, Method, PledgeStatus, ShareUnit
from fundapp.giving.queries import (
    find_receipt_of,
    find_running_pledges,
    get_payment,
    get_pledge,
    sum_promised,
)
from fundapp.giving.receipts.reader import open_content
from fundapp.giving.shares import ShareTerms
from fundapp.giving.sharing import parts_kept
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.models import Posting
from fundapp.ledger.operations import freeze_fund
from tests.factories.actors import OFFICER
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_pledge, make_return, make_reversal

HALVES = (("GENERAL", 50_000), ("SCHOLARSHIP", 50_000))


def shares(*parts):
    return tuple(ShareTerms(code, share) for code, share in parts)


def make_split(*parts, unit=ShareUnit.AMOUNT, **overrides):
    fields = {"shares": shares(*(parts or HALVES)), "share_unit": unit, **overrides}
    return make_pledge(**fields)


def parts_of(payment):
    return {part.fund_code: part.amount_satang for part in payment.designations}


def booked(payment):
    rows = db.session.scalars(select(Posting).where(Posting.entry_id == payment.journal_entry_id))
    return {row.fund_code: row.amount_satang for row in rows}


def totals(pledge):
    """What each fund has of the payments that count."""
    rows = db.session.execute(
        text(
            "SELECT d.fund_code, sum(d.amount_satang) FROM designations d JOIN payments p"
            " ON p.id = d.payment_id WHERE p.status = 'received' AND p.pledge_id = :id"
            " GROUP BY d.fund_code"
        ),
        {"id": pledge.id},
    )
    return {code: int(satang) for code, satang in rows}


def test_each_payment_is_shared_out_and_the_whole_is_exact(funds):
    pledge = make_split()
    assert (pledge.fund_satang, [fund.code for fund in pledge.funds]) == (
        [50_000, 50_000],
        ["GENERAL", "SCHOLARSHIP"],
    )
    first, second, third = (make_payment(row.amount_satang, row) for row in pledge.instalments)
    assert parts_of(first) == booked(first) == {"GENERAL": 16_667, "SCHOLARSHIP": 16_667}
    # 333.33 cannot be halved: what one fund lacks of it, it gets of the next.
    assert parts_of(second) == booked(second) == {"GENERAL": 16_667, "SCHOLARSHIP": 16_666}
    assert parts_of(third) == booked(third) == {"GENERAL": 16_666, "SCHOLARSHIP": 16_667}
    assert totals(pledge) == {"GENERAL": 50_000, "SCHOLARSHIP": 50_000}
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED
    again = make_payment(3, pledge_id=pledge.id)  # a surplus too
    assert parts_of(again) == {"GENERAL": 2, "SCHOLARSHIP": 1}
    said = open_content(find_receipt_of(second.id))
    assert [(part["fund"], part["satang"]) for part in said["parts"]] == [
        ("GENERAL", "16667"),
        ("SCHOLARSHIP", "16666"),
    ]
    assert "“Fund GENERAL” 166.67 baht · “Fund SCHOLARSHIP” 166.66 baht" in said["purpose"]["en"]
    assert "parts" not in open_content(find_receipt_of(make_payment(100).id))


def test_what_is_undone_takes_back_exactly_what_it_gave(funds):
    pledge = make_split(("GENERAL", 3_333), ("SCHOLARSHIP", 6_667), unit=ShareUnit.PERCENT)
    first = make_payment(10_001, pledge.instalments[0])
    assert parts_of(first) == {"GENERAL": 3_333, "SCHOLARSHIP": 6_668}
    second = make_payment(1, pledge.instalments[0])
    assert parts_of(second) == {"GENERAL": 1}
    make_reversal(first)
    assert totals(pledge) == {"GENERAL": 1}
    make_return(second)
    assert totals(pledge) == {}
    for satang in (77, 23_456, 76_467):
        make_payment(satang, pledge_id=pledge.id)
    assert totals(pledge) == {"GENERAL": 33_330, "SCHOLARSHIP": 66_670}
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED
    results = {result.check.name: result.state for result in run_checks()}
    names = [check.name for check in CHECKS if check.name.startswith(("giving.", "ledger."))]
    assert {results[name] for name in names} == {CheckState.GREEN}


@pytest.mark.sqlite
def test_a_new_amount_keeps_the_proportion(funds):
    pledge = make_split(("GENERAL", 30_000), ("SCHOLARSHIP", 70_000))
    change = {"amount_satang": 50_000, "starts_on": app_clock.today(), "actor": OFFICER}
    unit_of_work(operations.change_pledge, pledge.token, **change)
    assert get_pledge(pledge.token).fund_satang == [15_000, 35_000]
    day = app_clock.today()
    promised = sum_promised(day, day + timedelta(days=80))
    assert {code: row.promised_satang for code, row in promised.items()} == {
        "GENERAL": 15_000,
        "SCHOLARSHIP": 35_000,
    }


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("parts", "overrides", "error"),
    [
        ([("GENERAL", 50_000), ("ZAKAT", 50_000)], {}, ZakatApartError),
        ([("GENERAL", 50_000), ("APART", 50_000)], {}, NoSharedAccountError),
        ([("GENERAL", 50_000), ("SCHOLARSHIP", 49_999)], {}, SplitError),
        ([("GENERAL", 5_000), ("SCHOLARSHIP", 4_999)], {"unit": ShareUnit.PERCENT}, SplitError),
        ([("GENERAL", 100_000)], {}, SplitError),
        ([("GENERAL", 50_000), ("GENERAL", 50_000)], {}, SplitError),
        ([("SCHOLARSHIP", 50_000), ("GENERAL", 50_000)], {}, SplitError),
        (HALVES, {"method": Method.CARD}, SplitError),
        (
            [("GENERAL", 9_999), ("SCHOLARSHIP", 1)],
            {"unit": ShareUnit.PERCENT, "amount_satang": 100},
            BelowMinimumError,
        ),
    ],
)
def test_what_cannot_be_divided_is_refused_whole(funds, parts, overrides, error):
    make_fund("APART", accounts=FundAccounts(bank=(chart.BANK_THIRD,)))
    with pytest.raises(error):
        make_split(*parts, **overrides)
    assert db.session.scalar(text("SELECT count(*) FROM pledges")) == 0


@pytest.mark.sqlite
def test_a_frozen_fund_of_several_stops_the_whole(funds):
    pledge = make_split()
    unit_of_work(operations.pause_pledge, pledge.token, actor=OFFICER)
    unit_of_work(freeze_fund, "SCHOLARSHIP", actor=OFFICER)
    with pytest.raises(FundPausedError):
        unit_of_work(operations.resume_pledge, pledge.token, actor=OFFICER)
    assert not get_pledge(pledge.token).takes_gifts
    assert find_running_pledges("SCHOLARSHIP").params == {"count": 1}
    refused("UPDATE funds SET status = 'closed' WHERE code = 'SCHOLARSHIP'", "still run")
    # Money that comes all the same lands, in the same proportion.
    assert len(parts_of(make_payment(100, pledge_id=pledge.id))) == 2


def refused(statement, by, **values):
    with pytest.raises(DBAPIError, match=by):
        unit_of_work(lambda: db.session.execute(text(statement), values))


def test_the_database_keeps_the_shares_whole(funds):
    pledge, single = make_split(), make_pledge(instalment_count=1, frequency=Frequency.ONCE)
    insert = "INSERT INTO pledge_shares VALUES (:id, :n, :fund, :share, 100000, 'amount')"
    refused(insert, "not split", id=single.id, n=1, fund="GENERAL", share=1)
    refused(insert, "complete", id=pledge.id, n=3, fund="ZAKAT", share=1)
    refused("UPDATE pledge_shares SET share = 1", "never change|append-only")
    refused("DELETE FROM pledge_shares", "never change|append-only")
    refused("UPDATE pledges SET is_split = NOT is_split", "never change")
    refused(
        "UPDATE pledges SET fund_code = 'SCHOLARSHIP' WHERE id = :id", "never change", id=pledge.id
    )
    again = (
        "INSERT INTO instalments SELECT 1, pledge_id, 1, 'NEW', due_on, 1, 0, 0 FROM instalments"
        " WHERE pledge_id = :id AND number = 1"
    )

    def begin(*parts, whole=100_000):
        """A split pledge by raw SQL up to its shares, and its first instalment."""
        columns = [column.name for column in pledge.__table__.columns]
        values = ["7" if name == "id" else name for name in columns]
        values = ["'t'" if name == "token" else name for name in values]
        db.session.execute(
            text(f"INSERT INTO pledges SELECT {', '.join(values)} FROM pledges WHERE id = :id"),
            {"id": pledge.id},
        )
        for number, (fund, share) in enumerate(parts, start=1):
            row = {"id": 7, "n": number, "fund": fund, "share": share}
            db.session.execute(text(insert.replace("100000", str(whole))), row)
        db.session.execute(text(again.replace("pledge_id, 1", "7, 1")), {"id": pledge.id})

    for parts, whole in (
        ([("GENERAL", 99_999), ("SCHOLARSHIP", 2)], 100_000),
        ([("GENERAL", 50_000)], 100_000),
        ([], 100_000),
        ([("GENERAL", 500), ("SCHOLARSHIP", 500)], 1_000),
    ):
        with pytest.raises(DBAPIError, match="add up"):
            unit_of_work(begin, *parts, whole=whole)
    with pytest.raises(DBAPIError, match="another fund"):
        unit_of_work(begin, ("SCHOLARSHIP", 50_000), ("GENERAL", 50_000))
    unit_of_work(begin, *HALVES)


def test_a_refunded_part_leaves_the_rest_shared(funds):
    """As a refund does: the whole is returned, and what is left of it is recorded anew, so that of
    no fund more is kept than it had. Any of the funds may be named.
    """
    pledge = make_split()
    first = make_payment(33_335, pledge.instalments[0])
    make_payment(33_333, pledge.instalments[1])
    make_return(first)
    kept = parts_kept(first, 33_334)
    left = make_payment(33_334, pledge.instalments[0], parts=kept, fund_code="SCHOLARSHIP")
    had, has = parts_of(first), parts_of(get_payment(left.public_id))
    assert all(0 <= had[code] - has[code] <= 1 for code in had)
    for wrong in (shares(("GENERAL", 1)), shares(("ZAKAT", 100)), shares(("GENERAL", 0))):
        with pytest.raises(SplitError):
            make_payment(100, pledge_id=pledge.id, parts=wrong)


def give(client, **fields):
    form = {
        "amount": "500", "fund": "GENERAL", "frequency": "monthly", "instalments": "12",
        "amount_is": "each", "name": "Aminah Sani", "method": "promptpay",
        "share_unit": "amount", "share-GENERAL": "300", "share-SCHOLARSHIP": "200",
        **fields,
    }  # fmt: skip
    return client.post("/give", data=form)


@pytest.mark.sqlite
def test_a_donor_divides_a_gift_on_the_page(funds, client):
    client.set_cookie("lang", "en")
    asked = give(client, step="ask").text
    assert "Fund GENERAL 300.00 · Fund SCHOLARSHIP 200.00" in asked
    assert '<input type="hidden" name="share-GENERAL" value="300">' in asked
    made = give(client)
    assert made.status_code == 303
    pledge = get_pledge(made.location.rpartition("/")[2])
    assert (pledge.fund_code, pledge.fund_satang) == ("GENERAL", [360_000, 240_000])
    page = client.get(made.location).text
    for shown in ("3,600.00", "2,400.00", "What each fund gets"):
        assert shown in page
    payment = make_payment(50_000, pledge.instalments[0])
    receipt = client.get(f"/receipts/{find_receipt_of(payment.id).code}").text
    for shown in ("Fund GENERAL", "300.00", "Fund SCHOLARSHIP", "200.00"):
        assert shown in receipt


@pytest.mark.sqlite  # forms alone
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"share-GENERAL": "200"}, "The parts come to 400.00 baht, and the gift is 500.00 baht."),
        ({"share_unit": "percent"}, "The parts come to 500.00 percent."),
        ({"share-GENERAL": ""}, "Write a part for two to 10 funds"),
        ({"share-GENERAL": "x"}, "Fund GENERAL: Write the amount with digits only"),
        ({"share-NONE": "1"}, "One of these funds takes no gifts"),
        ({"share-SCHOLARSHIP": "", "share-ZAKAT": "200"}, "Make two gifts"),
    ],
)
def test_parts_that_do_not_fit_are_refused_and_kept(funds, client, fields, sentence):
    client.set_cookie("lang", "en")
    answer = give(client, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'name="share-SCHOLARSHIP"' in answer.text
    assert 'value="500"' in answer.text


@pytest.mark.sqlite  # forms alone
def test_percent_and_empty_parts(funds, client):
    parts = {"share_unit": "percent", "share-GENERAL": "๓๓.๓๓", "share-SCHOLARSHIP": "66.67%"}
    made = give(client, **parts)
    pledge = get_pledge(made.location.rpartition("/")[2])
    assert [row.share for row in pledge.shares] == [3_333, 6_667]
    empty = give(client, **{"share-GENERAL": " ", "share-SCHOLARSHIP": "", "fund": "SCHOLARSHIP"})
    single = get_pledge(empty.location.rpartition("/")[2])
    assert (single.is_split, single.fund_code) == (False, "SCHOLARSHIP")
