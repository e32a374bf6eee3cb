"""From a line of a statement to a payment with its receipt in the books, and back."""

from datetime import date

import pytest

from fundapp.audit.checks import run_checks
from fundapp.banking import queries
from fundapp.banking.errors import (
    DoesNotFitError,
    LineReasonMissingError,
    LineTakenError,
    TargetTakenError,
    WrongDirectionError,
)
from fundapp.banking.models import LineStatus, Match, StatementLine
from fundapp.banking.operations import (
    hold_line,
    ignore_line,
    match_certain,
    match_line,
    record_as_gift,
    release_line,
    unmatch_line,
)
from fundapp.db import db, unit_of_work
from fundapp.errors import NotFoundError
from fundapp.giving.errors import PaymentReversedError
from fundapp.giving.models import (
    Method,
    Payment,
    PaymentStatus,
    PledgeStatus,
    Receipt,
    ReturnReason,
)
from fundapp.giving.operations import cancel_pledge, return_payment, reverse_payment
from fundapp.ledger import chart
from fundapp.ledger.errors import PersonalDataError
from fundapp.ledger.queries import account_page, fund_available
from fundapp.remarks.queries import list_remarks
from fundapp.trail.queries import list_events
from tests.banking.statement_files.styles import Movement, Style, Writer
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    LAST,
    MONDAY,
    TUESDAY,
    Move,
    book_otherwise,
    do_import,
    import_moves,
    make_single_pledge,
    transfer_out,
)
from tests.factories.giving import make_donor, make_payment, make_pledge
from tests.factories.profiles import KTB


def named(pledge, number=1, satang=None, **fields):
    """A bill payment that carries the reference of an instalment."""
    instalment = pledge.instalments[number - 1]
    return Move(
        instalment.amount_satang if satang is None else satang,
        f"Ref1 {instalment.reference} Ref2 GEN",
        description="รับชำระค่าสินค้าและบริการ",
        channel="Bill Payment",
        **fields,
    )


def match(line, **target):
    return unit_of_work(match_line, line.public_id, actor=OFFICER, **target)


def undo(line, reason="Matched to the wrong person"):
    return unit_of_work(unmatch_line, line.public_id, reason=reason, actor=OFFICER)


def match_all(statement):
    return unit_of_work(match_certain, statement.public_id, actor=OFFICER)


def status_of(line):
    db.session.expire_all()
    return db.session.get(StatementLine, line.id).status


def payments():
    db.session.expire_all()
    return list(db.session.scalars(db.select(Payment).order_by(Payment.id)))


def reasons_of(line):
    active = queries.get_line_history(line.public_id).active
    return [reason.text for reason in active.reasons]


def test_the_whole_story(bank):
    """Pledge, transfer with its reference, statement, one click: payment, receipt, books."""
    pledge = make_pledge(amount_satang=100_000, instalment_count=3, starts_on=MONDAY)
    (line,) = import_moves(named(pledge))
    result = match_all(line.statement)
    assert (result.matched, result.refused, result.next_row) == (1, (), None)
    (payment,) = payments()
    first = payment.pledge.instalments[0]
    assert (first.paid_satang, first.open_satang) == (33_334, 0)
    assert (payment.received_on, payment.method) == (TUESDAY, Method.PROMPTPAY)
    assert payment.external_ref == f"bank:{line.public_id}"
    receipt = db.session.scalars(db.select(Receipt)).one()
    assert (receipt.amount_satang, receipt.number) == (33_334, 1)
    page = account_page(chart.BANK_MAIN, from_on=MONDAY, to_on=LAST)
    assert [(row.key.entry_on, row.debit_satang) for row in page.lines] == [(TUESDAY, 33_334)]
    assert fund_available("GENERAL") == 33_334
    assert status_of(line) is LineStatus.MATCHED
    assert "The text names reference %(reference)s." in reasons_of(line)


@pytest.mark.sqlite
def test_a_second_click_does_nothing(bank):
    (line,) = import_moves(named(make_single_pledge()))
    assert match_all(line.statement).matched == 1
    assert match_all(line.statement).matched == 0
    assert len(payments()) == 1


@pytest.mark.sqlite
def test_the_second_row_for_one_pledge_is_offered(bank):
    """Nothing is certain about it; matched by hand it pays the next instalment."""
    pledge = make_pledge(amount_satang=90_000, instalment_count=3, starts_on=MONDAY)
    lines = import_moves(named(pledge), named(pledge, time="10:16"))
    assert match_all(lines[0].statement).matched == 1
    match(lines[1], instalment_reference=pledge.instalments[0].reference)
    pledge = payments()[0].pledge
    assert [instalment.paid_satang for instalment in pledge.instalments] == [30_000, 30_000, 0]
    assert len(payments()) == 2


@pytest.mark.sqlite
def test_a_second_payment_of_a_single_gift_is_a_surplus(bank):
    pledge = make_single_pledge()
    lines = import_moves(named(pledge), named(pledge, time="10:16"))
    assert match_all(lines[0].statement).matched == 1
    match(lines[1], instalment_reference=pledge.instalments[0].reference)
    first, second = payments()
    assert first.pledge.status is PledgeStatus.COMPLETED
    assert (len(first.allocations), len(second.allocations)) == (1, 0)
    assert fund_available("GENERAL") == 100_000


@pytest.mark.sqlite
def test_late_money_for_a_cancelled_pledge_is_offered_and_marked(bank):
    pledge = make_single_pledge(due_on=date(2026, 6, 1))
    unit_of_work(cancel_pledge, pledge.token, actor=OFFICER)
    (line,) = import_moves(named(pledge))
    (candidate,) = queries.list_candidates([line])[line.id]
    assert candidate.is_late
    texts = [reason.text for reason in candidate.reasons]
    assert "Late: it was due on %(due_on)s." in texts
    assert any(text.startswith("The pledge was cancelled") for text in texts)
    assert match_all(line.statement).matched == 0
    match(line, instalment_reference=pledge.instalments[0].reference)
    assert payments()[0].pledge.status is PledgeStatus.CANCELLED


@pytest.mark.sqlite
def test_matching_never_overwrites_the_gift_date(bank):
    """The day that the officer recorded stays."""
    payment = make_payment(50_000, received_on=MONDAY)
    (line,) = import_moves(Move(50_000, "cheque cleared"))
    match(line, payment_public_id=payment.public_id)
    (kept,) = payments()
    assert kept.received_on == MONDAY
    assert len(db.session.scalars(db.select(Receipt)).all()) == 1


@pytest.mark.sqlite
def test_money_an_officer_recorded_is_not_recorded_again(bank):
    """The reference is certain, and so is the payment that was recorded for it."""
    pledge = make_single_pledge()
    make_payment(50_000, pledge.instalments[0], received_on=TUESDAY)
    (line,) = import_moves(named(pledge))
    assert match_all(line.statement).matched == 1
    assert len(payments()) == 1
    assert queries.get_line_history(line.public_id).active.payment.id == payments()[0].id


@pytest.mark.sqlite
@pytest.mark.parametrize("satang", [20_000, 80_000])
def test_more_or_less_than_due_is_recorded_as_it_came(bank, satang):
    pledge = make_single_pledge()
    (line,) = import_moves(named(pledge, satang=satang))
    match(line, instalment_reference=pledge.instalments[0].reference)
    assert payments()[0].amount_satang == satang
    assert fund_available("GENERAL") == satang


@pytest.mark.sqlite
def test_two_references_are_not_certain(bank):
    first, other = make_single_pledge(), make_single_pledge()
    both = f"{first.instalments[0].reference} {other.instalments[0].reference}"
    (line,) = import_moves(Move(50_000, both))
    assert match_all(line.statement).matched == 0
    assert len(queries.list_candidates([line])[line.id]) == 2


def test_a_line_that_the_rules_refuse_does_not_stop_the_others(bank):
    """The money of one is recorded with another amount: it is reported, the other is matched."""
    lines = import_moves(named(make_single_pledge()), named(make_single_pledge()))
    book_otherwise(lines[0])
    result = match_all(lines[0].statement)
    assert result.matched == 1
    assert [refused.row_number for refused in result.refused] == [lines[0].row_number]
    assert [status_of(line) for line in lines] == [LineStatus.UNMATCHED, LineStatus.MATCHED]


def test_certain_lines_are_matched_in_steps(bank):
    moves = [named(make_single_pledge(), time=f"10:{minute:02}") for minute in range(5)]
    statement = import_moves(*moves)[0].statement
    assert queries.count_certain(statement.id) == 5
    row, matched = 0, []
    while row is not None:
        step = unit_of_work(
            match_certain, statement.public_id, actor=OFFICER, after_row=row, step=2
        )
        matched.append(step.matched)
        row = step.next_row
    assert matched == [2, 2, 1]


def test_of_two_payments_of_one_instalment_the_older_gets_it_in_a_file_with_the_newest_first(bank):
    pledge = make_single_pledge()
    text = f"REF {pledge.instalments[0].reference}"
    style = Style(KTB, order="newest first")
    twice = [Movement(day, 50_000, detail=text) for day in (MONDAY, TUESDAY)]
    result = do_import(Writer(style, 1_000_000).write(twice))
    match_all(result.statement)
    assert payments()[0].received_on == MONDAY


@pytest.mark.sqlite
def test_a_chosen_step_ends_where_the_lines_end(bank):
    """A full last step is followed by an empty one, which says that nothing is left."""
    moves = [named(make_single_pledge(), time=f"10:{minute:02}") for minute in range(4)]
    statement = import_moves(*moves)[0].statement
    first = unit_of_work(match_certain, statement.public_id, actor=OFFICER, step=4)
    after = unit_of_work(
        match_certain, statement.public_id, actor=OFFICER, after_row=first.next_row, step=4
    )
    assert (first.matched, after.matched, after.next_row) == (4, 0, None)


@pytest.mark.sqlite
def test_a_gift_that_nobody_promised(bank):
    known, unknown = import_moves(
        Move(10_000, "somebody"), Move(20_000, "nobody knows", time="11:00")
    )
    donor = make_donor("Hasan Daud")
    for line, who in ((known, {"donor_id": donor.id}), (unknown, {})):
        unit_of_work(record_as_gift, line.public_id, fund_code="GENERAL", actor=OFFICER, **who)
    first, second = payments()
    assert first.donor.name == "Hasan Daud"
    assert (second.donor.name, second.is_anonymous) == ("", True)
    assert fund_available("GENERAL") == 30_000


def test_undoing_reverses_the_payment_and_keeps_the_match(bank):
    pledge = make_single_pledge()
    (line,) = import_moves(named(pledge))
    match_all(line.statement)
    undo(line)
    (payment,) = payments()
    assert payment.status is PaymentStatus.REVERSED
    assert payment.pledge.instalments[0].paid_satang == 0
    assert fund_available("GENERAL") == 0
    assert status_of(line) is LineStatus.UNMATCHED
    history = queries.get_line_history(line.public_id)
    assert history.active is None
    assert history.matches[0].match.undone_by == OFFICER.ref
    match(line, instalment_reference=pledge.instalments[0].reference)
    assert [payment.status for payment in payments()] == [
        PaymentStatus.REVERSED,
        PaymentStatus.RECEIVED,
    ]


@pytest.mark.sqlite
def test_undoing_leaves_a_payment_that_was_there_before(bank):
    payment = make_payment(50_000, received_on=TUESDAY)
    (line,) = import_moves(Move(50_000))
    match(line, payment_public_id=payment.public_id)
    undo(line)
    assert payments()[0].status is PaymentStatus.RECEIVED


def test_a_reversed_payment_sets_its_line_waiting_again(bank):
    """The match is undone with the reason, whether it had made the payment or found it."""
    recorded = make_payment(40_000, received_on=TUESDAY)
    lines = import_moves(named(make_single_pledge()), Move(40_000, time="11:00"))
    match_all(lines[0].statement)
    match(lines[1], payment_public_id=recorded.public_id)
    for line, payment in zip(lines, payments()[::-1], strict=True):
        unit_of_work(reverse_payment, payment.public_id, reason="Cheque bounced", actor=OFFICER)
        assert status_of(line) is LineStatus.UNMATCHED
        assert queries.get_line_history(line.public_id).active is None
        event = list_events("statement_line", line.public_id)[0]
        assert event.action == "banking:line:unmatch"
        (remark,) = list_remarks("payment", [payment.public_id])
        assert event.note == remark.trace
    assert run_checks_named("banking.matched-payments") == []


@pytest.mark.sqlite
def test_a_line_stays_when_the_bank_takes_its_money_back(bank):
    """The money did come by it; the line that takes it back is matched with the return."""
    (line,) = import_moves(named(make_single_pledge()))
    match_all(line.statement)
    (payment,) = payments()
    unit_of_work(
        return_payment,
        payment.public_id,
        reason=ReturnReason.CHARGEBACK,
        returned_on=TUESDAY,
        actor=OFFICER,
    )
    assert status_of(line) is LineStatus.MATCHED
    assert run_checks_named("banking.matched-payments") == []


def test_a_payment_that_cannot_be_reversed_leaves_its_match(bank):
    (line,) = import_moves(named(make_single_pledge()))
    match_all(line.statement)
    (payment,) = payments()
    unit_of_work(reverse_payment, payment.public_id, reason="One", actor=OFFICER)
    match(line, instalment_reference=payment.pledge.instalments[0].reference)
    with pytest.raises(PaymentReversedError):
        unit_of_work(reverse_payment, payment.public_id, reason="Again", actor=OFFICER)
    assert status_of(line) is LineStatus.MATCHED


def run_checks_named(name):
    db.session.expire_all()
    (result,) = [each for each in run_checks() if each.check.name == name]
    return [violation.ref for violation in result.violations]


@pytest.mark.sqlite
def test_undoing_needs_a_reason_without_personal_data(bank):
    (line,) = import_moves(named(make_single_pledge()))
    match_all(line.statement)
    for reason, error in (("  ", LineReasonMissingError), ("call 081-234-5678", PersonalDataError)):
        with pytest.raises(error):
            undo(line, reason)
    assert status_of(line) is LineStatus.MATCHED


def test_a_line_is_matched_or_put_aside_once(bank):
    pledge = make_single_pledge()
    (line,) = import_moves(named(pledge))
    reference = pledge.instalments[0].reference
    match(line, instalment_reference=reference)
    for again in (
        lambda: match(line, instalment_reference=reference),
        lambda: unit_of_work(hold_line, line.public_id, reason="later", actor=OFFICER),
        lambda: unit_of_work(ignore_line, line.public_id, reason="no", actor=OFFICER),
        lambda: unit_of_work(release_line, line.public_id, actor=OFFICER),
    ):
        with pytest.raises(LineTakenError):
            again()
    assert len(payments()) == 1


@pytest.mark.sqlite
def test_a_payment_belongs_to_one_line(bank):
    payment = make_payment(50_000, received_on=TUESDAY)
    first, second = import_moves(Move(50_000), Move(50_000, time="11:00"))
    match(first, payment_public_id=payment.public_id)
    with pytest.raises(TargetTakenError):
        match(second, payment_public_id=payment.public_id)
    assert status_of(second) is LineStatus.UNMATCHED


@pytest.mark.sqlite
def test_amount_account_and_direction_must_fit(bank):
    cheap = make_payment(100, received_on=TUESDAY)
    in_cash = make_payment(50_000, asset_account_code=chart.CASH_ON_HAND, method=Method.CASH)
    came, went = import_moves(Move(50_000), transfer_out(30_000))
    for payment in (cheap, in_cash):
        with pytest.raises(DoesNotFitError):
            match(came, payment_public_id=payment.public_id)
    with pytest.raises(WrongDirectionError):
        match(went, payment_public_id=cheap.public_id)
    with pytest.raises(WrongDirectionError):
        match(came, payout_public_id="x")
    with pytest.raises(WrongDirectionError):
        unit_of_work(record_as_gift, went.public_id, fund_code="GENERAL", actor=OFFICER)
    assert {status_of(came), status_of(went)} == {LineStatus.UNMATCHED}


@pytest.mark.sqlite
def test_unknown_things_are_not_found(bank):
    (line,) = import_moves(Move(50_000))
    with pytest.raises(NotFoundError):
        match(line, payment_public_id="no such payment")
    with pytest.raises(NotFoundError):
        unit_of_work(match_line, "no such line", payment_public_id="x", actor=OFFICER)


@pytest.mark.sqlite
def test_holding_ignoring_and_releasing(bank):
    (line,) = import_moves(Move(50_000, "who?"))
    unit_of_work(hold_line, line.public_id, reason="Waiting for the bank", actor=OFFICER)
    assert queries.count_open_lines() == (0, 1)
    unit_of_work(release_line, line.public_id, actor=OFFICER)
    unit_of_work(ignore_line, line.public_id, reason="Own transfer", actor=OFFICER)
    assert status_of(line) is LineStatus.IGNORED
    unit_of_work(release_line, line.public_id, actor=OFFICER)
    assert queries.count_open_lines()[0] == 1
    with pytest.raises(LineReasonMissingError):
        unit_of_work(hold_line, line.public_id, reason=" ", actor=OFFICER)


@pytest.mark.sqlite
def test_a_held_line_can_be_matched(bank):
    pledge = make_single_pledge()
    (line,) = import_moves(named(pledge))
    unit_of_work(hold_line, line.public_id, reason="Asking the donor", actor=OFFICER)
    match(line, instalment_reference=pledge.instalments[0].reference.lower())
    assert status_of(line) is LineStatus.MATCHED
    assert db.session.scalar(db.select(db.func.count()).select_from(Match)) == 1
