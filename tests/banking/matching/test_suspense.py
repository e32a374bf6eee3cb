"""Money that nobody recognises waits in the books; interest is never zakat; tax is told apart."""

import pytest

from fundapp.audit.checks.waiting_money import waiting_money
from fundapp.banking import queries as banking
from fundapp.banking.errors import WrongDirectionError
from fundapp.banking.matching import queries
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import Waiting, book_charge, book_suspense, match_line, unmatch_line
from fundapp.banking.reconciliation.queries import reconcile
from fundapp.db import db, is_postgresql, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import WaitsNoLongerError
from fundapp.ledger.models import EntryKind, JournalEntry, Posting, Restriction
from fundapp.ledger.queries import fund_available
from tests.audit.tampering import tampered
from tests.banking.pages import text
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    LAST,
    WEDNESDAY,
    Move,
    do_import,
    import_moves,
    interest,
    lines_of,
    make_bank_account,
    make_single_pledge,
    move_of,
    statement_file,
    transfer_out,
)
from tests.factories.books import make_entry, make_fund, make_gift

ZAKAT_NUMBER = "111-2-22333-4"


def wait(line, waiting=Waiting.NOT_IDENTIFIED):
    return unit_of_work(book_suspense, line.public_id, waiting=waiting, actor=OFFICER)


def postings(match):
    rows = db.session.scalars(db.select(Posting).where(Posting.entry_id == match.journal_entry_id))
    return [(row.fund_code, row.debit_account_code, row.credit_account_code) for row in rows]


@pytest.fixture
def zakat(bank):
    make_fund("ZAKAT", restriction=Restriction.ZAKAT)
    make_bank_account("KTB-ZAKAT", account_number=ZAKAT_NUMBER, account_code=chart.BANK_ZAKAT)
    return bank


def zakat_lines(*moves):
    data = statement_file(moves, number=ZAKAT_NUMBER)
    return lines_of(do_import(data, account_code="KTB-ZAKAT"))


def test_unknown_money_waits_and_is_cleared(bank):
    pledge = make_single_pledge()
    (line,) = import_moves(move_of(pledge))
    match = wait(line)
    assert postings(match) == [("GENERAL", chart.BANK_MAIN, chart.NOT_IDENTIFIED)]
    assert fund_available("GENERAL") == 0
    account = banking.get_bank_account("KTB-MAIN")
    proof = reconcile(account, LAST)
    assert (proof.lines.count, proof.entries.count) == (0, 0)
    assert [each.id for each in queries.list_waiting()] == [line.id]
    assert queries.sum_waiting() == {("GENERAL", chart.NOT_IDENTIFIED): line.deposit_satang}
    unit_of_work(unmatch_line, line.public_id, reason="Found", actor=OFFICER)
    assert queries.list_waiting() == []
    assert queries.sum_waiting() == {}
    reference = pledge.instalments[0].reference
    unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    assert fund_available("GENERAL") == line.deposit_satang


def test_what_waits_is_given_back_once(bank):
    make_gift(100_000)
    came, went, again = import_moves(Move(50_000), transfer_out(50_000), transfer_out(100))
    wait(came)
    with pytest.raises(WrongDirectionError):
        wait(went)
    wait(went, Waiting.GIVEN_BACK)
    assert queries.list_waiting() == []
    with pytest.raises(WaitsNoLongerError):
        wait(again, Waiting.GIVEN_BACK)
    with pytest.raises(WaitsNoLongerError):
        unit_of_work(unmatch_line, came.public_id, reason="Found", actor=OFFICER)
    db.session.expire_all()
    assert db.session.get(StatementLine, again.id).status is LineStatus.UNMATCHED


@pytest.mark.sqlite
def test_interest_on_zakat_is_kept_apart_until_it_is_moved(zakat):
    came, went = zakat_lines(interest(500), transfer_out(500, day=WEDNESDAY))
    match = unit_of_work(book_charge, came.public_id, actor=OFFICER)
    assert postings(match) == [("ZAKAT", chart.BANK_ZAKAT, chart.INTEREST_KEPT_APART)]
    assert fund_available("ZAKAT") == 0
    assert queries.sum_waiting() == {("ZAKAT", chart.INTEREST_KEPT_APART): 500}
    wait(went, Waiting.INTEREST_MOVED)
    (arrived,) = import_moves(Move(500, day=WEDNESDAY))
    moved = wait(arrived, Waiting.INTEREST_MOVED)
    assert postings(moved) == [("GENERAL", chart.BANK_MAIN, chart.BANK_INTEREST)]
    assert queries.sum_waiting() == {}
    assert (fund_available("ZAKAT"), fund_available("GENERAL")) == (0, 500)


@pytest.mark.sqlite
def test_tax_has_an_account_of_its_own(bank):
    make_gift(100_000)
    (line,) = import_moves(Move(-75, description="ภาษีหัก ณ ที่จ่าย"))
    match = unit_of_work(book_charge, line.public_id, actor=OFFICER)
    assert postings(match) == [("GENERAL", chart.WITHHOLDING_TAX, chart.BANK_MAIN)]
    entry = db.session.get(JournalEntry, match.journal_entry_id)
    assert (entry.kind, entry.memo) == (EntryKind.BANK_FEE, "Withholding tax")


@pytest.mark.parametrize(
    ("fund", "sides", "kind"),
    [
        ("ZAKAT", (chart.BANK_ZAKAT, chart.BANK_INTEREST), EntryKind.BANK_INTEREST),
        ("GENERAL", (chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS), EntryKind.SUSPENSE),
        ("GENERAL", (chart.NOT_IDENTIFIED, chart.BANK_MAIN), EntryKind.SUSPENSE),
    ],
)
def test_the_database_holds_the_rules_of_waiting_money(zakat, fund, sides, kind):
    make_gift(100_000)
    with pytest.raises(Exception, match=r"zakat|suspense|waits"):
        make_entry(PostingDraft(fund, *sides, 100), kind=kind)


@pytest.mark.sqlite
def test_the_pages_of_waiting_money(officer):
    (line,) = import_moves(Move(50_000, "unknown"))
    page = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Nobody knows whose it is" in page
    for chosen in ({"waiting": "nothing"}, {}):
        wrong = officer.post(f"/bank/lines/{line.public_id}/suspense", data=chosen)
        assert (wrong.status_code, "Choose one of" in text(wrong)) == (422, True), chosen
    answer = officer.post(
        f"/bank/lines/{line.public_id}/suspense", data={"waiting": "not_identified"}
    )
    assert answer.status_code == 303
    waiting = text(officer.get("/bank/waiting"))
    assert "unknown" in waiting
    assert "500.00" in waiting
    refused = officer.post(f"/bank/lines/{line.public_id}/suspense", data={"waiting": "given_back"})
    assert refused.status_code == 422


def waiting_violations():
    db.session.rollback()
    return [found.problem for found in waiting_money()]


def test_the_check_finds_what_waits_without_a_line(zakat):
    came, _went = import_moves(Move(50_000), transfer_out(100))
    (kept,) = zakat_lines(interest(500))
    match, came_id = wait(came), came.public_id
    unit_of_work(book_charge, kept.public_id, actor=OFFICER)
    assert waiting_violations() == []
    undone = f"UPDATE matches SET undone_at = matched_at, undone_by = 'x' WHERE id = {match.id}"
    swapped = (
        "UPDATE postings SET debit_account_code = '2140', credit_account_code = '2120'"
        f" WHERE entry_id = {match.journal_entry_id}"
    )
    for statement, problem in (
        (undone, "50000 satang in account 2120 belong to no line of the bank"),
        (swapped, "50000 satang moved between what waits and another account than the bank's"),
    ):
        with tampered(statement):
            assert problem in [found.problem for found in waiting_money()]
    taken = "UPDATE monthly_balances SET debit_satang = 50001 WHERE account_code = '2120'"
    with tampered(taken):
        found = [each.problem for each in waiting_money()]
        assert is_postgresql() or found == [
            "gave 1 satang more back from account 2120 than came there"
        ]
    unit_of_work(unmatch_line, came_id, reason="Found", actor=OFFICER)
    assert waiting_violations() == []
