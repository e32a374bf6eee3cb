"""Money moved between a fund's own accounts: from lines, from a slip, and matched to an entry."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import run_checks
from fundapp.banking import queries
from fundapp.banking.errors import (
    DoesNotFitError,
    LineTakenError,
    TargetTakenError,
    TransferRefusedError,
)
from fundapp.banking.matching.candidates import CandidateKind
from fundapp.banking.matching.drafts import Transfer
from fundapp.banking.matching.operations.transfers import PAID_IN_MEMO
from fundapp.banking.models import LineStatus, Match, StatementLine
from fundapp.banking.operations import book_transfer, match_line, record_transfer, unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.ledger import chart
from fundapp.ledger.chart import FundAccounts
from fundapp.ledger.drafts import PostingDraft, entry_number
from fundapp.ledger.errors import AccountShortError, IdempotencyConflictError, OtherAccountError
from fundapp.ledger.models import EntryKind, JournalEntry, Restriction
from fundapp.ledger.queries import balances_as_of, find_holdings, fund_available
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Move,
    do_import,
    import_moves,
    lines_of,
    make_bank_account,
    statement_file,
    transfer_out,
)
from tests.factories.books import make_entry, make_fund, make_gift, make_reversal
from tests.factories.identity import make_user, sign_in

TODAY = date(2026, 11, 24)


def in_the_box(fund="GENERAL"):
    moved = balances_as_of(TODAY, fund).get((fund, chart.CASH_ON_HAND))
    return moved.balance_satang if moved else 0


def cash_gift(satang):
    make_entry(PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.DONATIONS_INDIVIDUALS, satang))


def cash_moved(satang, *, on=MONDAY, into=True):
    sides = (chart.BANK_MAIN, chart.CASH_ON_HAND)
    debit, credit = sides if into else sides[::-1]
    line = PostingDraft("GENERAL", debit, credit, satang)
    return make_entry(line, kind=EntryKind.TRANSFER, entry_on=on, memo="Cash paid into the bank")


def book(line, fund="GENERAL"):
    fields = {"fund_code": fund, "other_account_code": chart.CASH_ON_HAND}
    return unit_of_work(book_transfer, line.public_id, actor=OFFICER, **fields)


def test_cash_paid_in_and_drawn_only_changes_its_account(bank):
    cash_gift(295_000)
    paid_in, drawn = import_moves(Move(295_000, description="ฝากเงินสด"), transfer_out(40_000))
    match = book(paid_in)
    entry = db.session.get(JournalEntry, match.journal_entry_id)
    assert (entry.kind, entry.entry_on) == (EntryKind.TRANSFER, paid_in.booked_on)
    assert (in_the_box(), fund_available("GENERAL")) == (0, 295_000)
    book(drawn)
    assert (in_the_box(), fund_available("GENERAL")) == (40_000, 295_000)


@pytest.mark.one_case
@pytest.mark.parametrize("move", [Move(1_001), transfer_out(1_001)])
def test_no_more_than_the_account_holds(bank, move):
    cash_gift(1_000)
    (line,) = import_moves(move)
    with pytest.raises(AccountShortError) as refused:
        book(line)
    assert refused.value.params["held"] == ("10.00" if move.satang > 0 else "0.00")
    db.session.expire_all()
    assert db.session.get(StatementLine, line.id).status is LineStatus.UNMATCHED


@pytest.mark.sqlite
def test_a_fund_keeps_to_its_own_bank_account(bank):
    make_fund("ZAKAT", Restriction.ZAKAT)
    (line,) = import_moves(Move(1_000))
    with pytest.raises(OtherAccountError):
        book(line, "ZAKAT")
    with pytest.raises(NotFoundError):
        book(line, "NOTHING")


@pytest.mark.sqlite
def test_undoing_moves_the_cash_back(bank):
    cash_gift(5_000)
    (line,) = import_moves(Move(5_000))
    book(line)
    unit_of_work(unmatch_line, line.public_id, reason="A gift after all", actor=OFFICER)
    assert in_the_box() == 5_000
    book(line)
    assert in_the_box() == 0


def offered(line):
    candidates = queries.list_candidates([queries.get_line(line.public_id)]).get(line.id, [])
    return [each.ref for each in candidates if each.kind is CandidateKind.ENTRY]


@pytest.mark.sqlite
def test_an_entry_of_moved_cash_is_offered_and_stays_when_the_match_is_undone(bank):
    cash_gift(50_000)
    moved = cash_moved(50_000)
    line, other = import_moves(Move(50_000), Move(49_999))
    number = entry_number(moved.id)
    assert (offered(line), offered(other)) == ([number], [])
    unit_of_work(match_line, line.public_id, entry_number=number, actor=OFFICER)
    assert in_the_box() == 0
    unit_of_work(unmatch_line, line.public_id, reason="Another day", actor=OFFICER)
    assert (in_the_box(), offered(line)) == (0, [number])


@pytest.mark.sqlite
def test_what_does_not_fit_is_not_matched(bank):
    cash_gift(90_000)
    make_gift(50_000)
    undone, late = cash_moved(10_000), cash_moved(10_000, on=TODAY)
    make_reversal(undone)
    line, gone = import_moves(Move(10_000), transfer_out(10_000))
    wrong = [undone, late, make_gift(10_000)]
    assert offered(line) == []
    for entry in wrong:
        with pytest.raises(DoesNotFitError):
            unit_of_work(
                match_line, line.public_id, entry_number=entry_number(entry.id), actor=OFFICER
            )
    fits = cash_moved(10_000)
    with pytest.raises(DoesNotFitError):
        unit_of_work(match_line, gone.public_id, entry_number=entry_number(fits.id), actor=OFFICER)
    with pytest.raises(NotFoundError):
        unit_of_work(match_line, line.public_id, entry_number="JE0000000000000", actor=OFFICER)


def test_an_entry_has_one_line(bank):
    cash_gift(10_000)
    number = entry_number(cash_moved(10_000).id)
    first, second = import_moves(Move(10_000), Move(10_000))
    unit_of_work(match_line, first.public_id, entry_number=number, actor=OFFICER)
    assert offered(second) == []
    with pytest.raises(TargetTakenError):
        unit_of_work(match_line, second.public_id, entry_number=number, actor=OFFICER)


SAVINGS_NUMBER = "111-2-33333-4"


@pytest.fixture
def savings(session, clock):
    """The fund GENERAL with 1,000 baht in KTB-MAIN, and a second account KTB-SAVINGS."""
    both = FundAccounts(bank=(chart.BANK_MAIN, chart.BANK_THIRD))
    make_fund("GENERAL", accounts=both)
    make_bank_account()
    make_bank_account("KTB-SAVINGS", account_number=SAVINGS_NUMBER, account_code=chart.BANK_THIRD)
    make_gift(100_000, on=MONDAY)
    return session


def on_savings(*moves, **fields):
    data = statement_file(moves, number=SAVINGS_NUMBER, **fields)
    return lines_of(do_import(data, account_code="KTB-SAVINGS", file_name="savings.csv"))


def move(line, other_account=chart.BANK_THIRD, **fields):
    fields = {"fund_code": "GENERAL", "other_account_code": other_account, **fields}
    return unit_of_work(book_transfer, line.public_id, actor=OFFICER, **fields)


def statuses(*lines):
    db.session.expire_all()
    return [db.session.get(StatementLine, line.id).status for line in lines]


def held():
    holdings = find_holdings()
    return [
        holdings.of_fund("GENERAL", code)
        for code in (chart.CASH_ON_HAND, chart.BANK_MAIN, chart.BANK_THIRD)
    ]


def test_two_lines_of_one_transfer_are_one_entry(savings):
    (left,) = import_moves(transfer_out(40_000, day=MONDAY))
    (came,) = on_savings(Move(40_000, day=TUESDAY))
    offered_moves = queries.list_moves_of_line(queries.get_line(came.public_id))
    first = offered_moves[0]
    assert (first.other_line.id, first.from_account.code) == (left.id, chart.BANK_MAIN)
    match = move(came, chart.BANK_MAIN, other_line=left.public_id)
    entry = db.session.get(JournalEntry, match.journal_entry_id)
    assert (entry.entry_on, entry.total_satang) == (MONDAY, 40_000)
    both = db.session.scalars(db.select(Match).filter_by(journal_entry_id=entry.id)).all()
    assert {each.line_id for each in both} == {left.id, came.id}
    assert statuses(left, came) == [LineStatus.MATCHED] * 2
    assert held() == [0, 60_000, 40_000]
    for code in ("KTB-MAIN", "KTB-SAVINGS"):
        result = queries.reconcile(queries.get_bank_account(code), TODAY)
        assert (result.lines.count, result.unexplained_satang) == (0, 0)
    assert [check.check.name for check in run_checks() if not check.is_green] == []


@pytest.mark.sqlite
def test_the_second_line_comes_later_and_is_offered_the_entry(savings):
    (left,) = import_moves(transfer_out(40_000, day=MONDAY))
    match = move(left)
    number = entry_number(match.journal_entry_id)
    assert held() == [0, 60_000, 40_000]
    came, other = on_savings(Move(40_000, day=TUESDAY), Move(40_000, day=WEDNESDAY))
    assert offered(came) == [number]
    unit_of_work(match_line, came.public_id, entry_number=number, actor=OFFICER)
    assert offered(other) == []
    with pytest.raises(TargetTakenError):
        unit_of_work(match_line, other.public_id, entry_number=number, actor=OFFICER)
    assert held() == [0, 60_000, 40_000]


@pytest.mark.one_case
@pytest.mark.parametrize("begins", ["left", "came"])
def test_undoing_the_line_that_made_the_entry_frees_both(savings, begins):
    (left,) = import_moves(transfer_out(40_000))
    (came,) = on_savings(Move(40_000))
    first, second = (left, came) if begins == "left" else (came, left)
    other_account = chart.BANK_THIRD if begins == "left" else chart.BANK_MAIN
    match = move(first, other_account, other_line=second.public_id)
    unit_of_work(unmatch_line, second.public_id, reason="Another one", actor=OFFICER)
    assert statuses(first, second) == [LineStatus.MATCHED, LineStatus.UNMATCHED]
    assert held() == [0, 60_000, 40_000]
    number = entry_number(match.journal_entry_id)
    unit_of_work(match_line, second.public_id, entry_number=number, actor=OFFICER)
    unit_of_work(unmatch_line, first.public_id, reason="No transfer at all", actor=OFFICER)
    assert statuses(first, second) == [LineStatus.UNMATCHED] * 2
    assert held() == [0, 100_000, 0]
    assert offered(second) == []
    move(first, other_account, other_line=second.public_id)
    assert held() == [0, 60_000, 40_000]


@pytest.mark.sqlite
def test_lines_that_are_no_two_ends_are_refused(savings):
    left, twice = import_moves(transfer_out(40_000), transfer_out(40_000))
    came, less, out = on_savings(Move(40_000), Move(39_999), transfer_out(40_000))
    for other in (less, out, twice):
        with pytest.raises(DoesNotFitError):
            move(left, other_line=other.public_id)
    with pytest.raises(DoesNotFitError):
        move(left, chart.CASH_ON_HAND, other_line=came.public_id)
    with pytest.raises(TransferRefusedError):
        move(left, chart.BANK_MAIN)
    move(left, other_line=came.public_id)
    with pytest.raises(LineTakenError):
        move(twice, other_line=came.public_id)
    assert statuses(left, came, twice) == [LineStatus.MATCHED] * 2 + [LineStatus.UNMATCHED]


def test_an_entry_has_one_line_on_each_account(savings):
    (left, twice) = import_moves(transfer_out(40_000), transfer_out(40_000))
    entry_id = move(left).journal_entry_id
    raw = (
        "INSERT INTO matches (id, line_id, bank_account_code, journal_entry_id, amount_satang,"
        " reason, matched_by, matched_at) VALUES (:id, :line, :account, :entry, 40000, 'raw',"
        " 'raw', '2026-11-24T00:00:00Z')"
    )
    values = {"id": 7, "line": twice.id, "account": "KTB-MAIN", "entry": entry_id}
    with pytest.raises(DBAPIError, match=r"uq_matches_entry_active|matches\.journal_entry_id"):
        unit_of_work(lambda: db.session.execute(text(raw), values))
    with pytest.raises(DBAPIError, match="names the bank account of its line"):
        unit_of_work(lambda: db.session.execute(text(raw), {**values, "account": "KTB-SAVINGS"}))
    moved_over = "UPDATE matches SET bank_account_code = 'KTB-SAVINGS'"
    with pytest.raises(DBAPIError, match="kept as written"):
        unit_of_work(lambda: db.session.execute(text(moved_over)))


@pytest.mark.sqlite
def test_a_deposit_is_recorded_by_its_slip_and_matched_later(savings):
    cash_gift(30_000)
    transfer = Transfer("GENERAL", chart.CASH_ON_HAND, chart.BANK_MAIN, 30_000, TUESDAY)
    posted = unit_of_work(record_transfer, transfer, slip="88-1234", key="one", actor=OFFICER)
    assert held() == [0, 130_000, 0]
    again = unit_of_work(record_transfer, transfer, slip="88-1234", key="one", actor=OFFICER)
    assert (again.id, again.replayed) == (posted.id, True)
    entry = db.session.get(JournalEntry, posted.id)
    assert (entry.source_type, entry.source_ref, entry.memo) == (
        "deposit_slip", "88-1234", PAID_IN_MEMO,
    )  # fmt: skip
    (line,) = import_moves(Move(30_000, day=WEDNESDAY))
    number = entry_number(posted.id)
    assert offered(line) == [number]
    unit_of_work(match_line, line.public_id, entry_number=number, actor=OFFICER)
    assert held() == [0, 130_000, 0]


@pytest.mark.sqlite
def test_the_same_form_with_other_content_is_told(savings):
    cash_gift(30_000)
    transfer = Transfer("GENERAL", chart.CASH_ON_HAND, chart.BANK_MAIN, 10_000, TUESDAY)
    unit_of_work(record_transfer, transfer, key="one", actor=OFFICER)
    with pytest.raises(IdempotencyConflictError):
        unit_of_work(record_transfer, replace(transfer, satang=20_000), key="one", actor=OFFICER)
    assert held() == [20_000, 110_000, 0]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"satang": 100_001}, AccountShortError),
        ({"satang": 0}, TransferRefusedError),
        ({"moved_on": TODAY + timedelta(days=1)}, TransferRefusedError),
        ({"to_account_code": chart.BANK_MAIN}, TransferRefusedError),
        ({"to_account_code": "1130"}, OtherAccountError),
        ({"to_account_code": chart.ASSISTANCE_PAYABLE}, OtherAccountError),
        ({"fund_code": "NOTHING"}, NotFoundError),
    ],
)
def test_transfers_that_are_refused(savings, change, error):
    transfer = Transfer("GENERAL", chart.BANK_MAIN, chart.BANK_THIRD, 100_000, TODAY)
    with pytest.raises(error):
        unit_of_work(record_transfer, replace(transfer, **change), key="one", actor=OFFICER)
    assert held() == [0, 100_000, 0]
    unit_of_work(record_transfer, transfer, key="one", actor=OFFICER)
    assert held() == [0, 0, 100_000]


def test_the_form_moves_money_and_shows_what_there_is(savings, client):
    sign_in(client, make_user("fund_officer"))
    client.set_cookie("lang", "en")
    page = client.get("/bank/transfers/new").text
    wanted = "Fund GENERAL: from Bank, main account to Cash on hand (there: 1,000.00 of 1,000.00"
    assert wanted in page
    sent = {
        "move": "GENERAL 1121 1110", "amount": "250", "moved_on": "24/11/2569", "slip": "7",
        "form_id": "a-form",
    }  # fmt: skip
    for wrong in ({"move": "ZAKAT 1121 1122"}, {"amount": "x"}, {"amount": "1000.01"}):
        assert client.post("/bank/transfers/new", data={**sent, **wrong}).status_code == 422
    assert held() == [0, 100_000, 0]
    for _ in range(2):
        assert client.post("/bank/transfers/new", data=sent).status_code == 303
    assert held() == [25_000, 75_000, 0]
    entry = db.session.scalars(db.select(JournalEntry).filter_by(source_ref="7")).one()
    shown = client.get(f"/audit/entries/{entry_number(entry.id)}")
    assert "Deposit slip" in shown.text
