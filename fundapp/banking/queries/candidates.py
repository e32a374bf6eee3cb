"""Finding what lines may belong to: a page of lines at a time, with few queries."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from fundapp.banking import candidates
from fundapp.banking.candidates import Candidate, ranked
from fundapp.banking.models import LineStatus, Match, StatementLine
from fundapp.banking.policy import charge_of, text_of, vouchers_in
from fundapp.banking.queries.cash import list_cash_moves
from fundapp.banking.workflow import OPEN_STATUSES
from fundapp.db import db
from fundapp.disbursements.models import Payout
from fundapp.disbursements.queries import list_unmatched_payouts
from fundapp.giving.allocation import next_open
from fundapp.giving.models import Instalment, Method, Payment, PaymentStatus, Pledge, PledgeStatus
from fundapp.giving.queries import (
    find_instalment,
    list_donor_pledges,
    list_donors,
    list_matching_instalments,
)
from fundapp.giving.references import find_references, is_reference
from fundapp.ledger.models import Posting
from fundapp.money import MoneyError, parse_baht

_SHORTEST_DETAIL = 6
_CHUNK = 400
#: Ways that leave no trace on a bank statement.
_NOT_AT_THE_BANK = (Method.CASH, Method.CARD)

Named = dict[int, list[Instalment]]


def list_candidates(lines: Sequence[StatementLine], limit: int = 8) -> dict[int, list[Candidate]]:
    """What each open line may belong to, likeliest first, by the id of the line."""
    still_open = [line for line in lines if line.status in OPEN_STATUSES]
    deposits = [line for line in still_open if line.deposit_satang and charge_of(line) is None]
    found = _deposit_candidates(deposits)
    for line in still_open:
        if line.withdrawal_satang and charge_of(line) is None:
            found[line.id] = _payout_candidates(line)
    for line_id, moved in list_cash_moves(still_open).items():
        found.setdefault(line_id, []).extend(moved)
    return {line_id: ranked(several, limit) for line_id, several in found.items()}


def find_certain(line: StatementLine) -> Candidate | None:
    """The one thing the text of a line names; None when it names nothing, or several things."""
    if charge_of(line) is not None:
        return None
    if line.withdrawal_satang:
        found = _payout_candidates(line)
    else:
        named = _named_instalments([line])
        found = [*_by_reference(line, named), *_recorded([line], named).get(line.id, [])]
    certain = [one for one in ranked(found, len(found)) if one.is_certain]
    return certain[0] if certain else None


def list_certain_ids(statement_id: int, after_row: int = 0) -> list[tuple[int, int]]:
    """(row number, line id) of unmatched lines whose text names exactly one thing to match to.

    Of a payout only the voucher is looked at here; its amount is checked when it is matched.
    """
    rows = db.session.scalars(
        select(StatementLine).where(
            StatementLine.statement_id == statement_id,
            StatementLine.status == LineStatus.UNMATCHED,
            StatementLine.row_number > after_row,
        )
    ).all()
    named = _named_instalments([line for line in rows if line.deposit_satang])
    paid = [line for line in rows if line.withdrawal_satang and vouchers_in(text_of(line))]
    certain = [line for line in rows if len(named.get(line.id, ())) == 1]
    certain += [line for line in paid if any(one.is_certain for one in _payout_candidates(line))]
    return sorted((line.row_number, line.id) for line in certain)


def search_candidates(line: StatementLine, text: str, limit: int = 20) -> list[Candidate]:
    """Instalments that a person looks for by reference, by amount in baht or by a donor's name."""
    text = " ".join(text.split())
    if not text or not line.deposit_satang:
        return []
    reference = text.replace(" ", "").replace("-", "").upper()
    if is_reference(reference):
        found = find_instalment(reference)
        return [candidates.chosen(line, found)] if found else []
    satang = _amount(text)
    if satang is not None:
        matching = list_matching_instalments(satang, line.booked_on, limit)
        return [candidates.chosen(line, one) for one in matching]
    donors = [row.donor.id for row in list_donors(text, limit=limit).rows]
    return [candidates.chosen(line, one) for one in _next_of(donors)][:limit]


def _amount(text: str) -> int | None:
    try:
        return parse_baht(text)
    except MoneyError:
        return None


def _deposit_candidates(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    named = _named_instalments(lines)
    recorded = _recorded(lines, named)
    history = _history([line for line in lines if not named.get(line.id)])
    found = {}
    for line in lines:
        several = [*_by_reference(line, named), *recorded.get(line.id, [])]
        if not named.get(line.id):
            several += [*history.get(line.id, []), *_by_amount(line)]
        found[line.id] = several
    return found


def _named_instalments(lines: Iterable[StatementLine]) -> Named:
    """The instalments whose references stand in the text of each line."""
    references = {line.id: find_references(text_of(line)) for line in lines}
    wanted = sorted({one for several in references.values() for one in several})
    by_reference: dict[str, Instalment] = {}
    for start in range(0, len(wanted), _CHUNK):
        statement = (
            select(Instalment)
            .where(Instalment.reference.in_(wanted[start : start + _CHUNK]))
            .options(joinedload(Instalment.pledge).lazyload(Pledge.instalments))
        )
        by_reference |= {one.reference: one for one in db.session.scalars(statement)}
    return {
        line_id: [by_reference[one] for one in several if one in by_reference]
        for line_id, several in references.items()
    }


def _by_reference(line: StatementLine, named: Named) -> list[Candidate]:
    several = named.get(line.id, [])
    return [candidates.by_reference(line, one, only_one=len(several) == 1) for one in several]


def _by_amount(line: StatementLine) -> list[Candidate]:
    matching = list_matching_instalments(line.deposit_satang, line.booked_on)
    found = (candidates.by_amount(line, one) for one in matching)
    return [one for one in found if one is not None]


def _recorded(lines: Sequence[StatementLine], named: Named) -> dict[int, list[Candidate]]:
    """Payments that officers recorded into the same account and no line is matched to."""
    if not lines:
        return {}
    around = timedelta(days=candidates.RECORDED_DAYS)
    days = [line.booked_on for line in lines]
    taken = select(Match.id).where(Match.payment_id == Payment.id, Match.undone_at.is_(None))
    statement = (
        select(Payment, Posting.debit_account_code)
        .join(Posting, (Posting.entry_id == Payment.journal_entry_id) & (Posting.position == 1))
        .where(
            Payment.received_on.between(min(days) - around, max(days) + around),
            Payment.amount_satang.in_({line.deposit_satang for line in lines}),
            Payment.status == PaymentStatus.RECEIVED,
            Payment.method.not_in(_NOT_AT_THE_BANK),
            ~taken.exists(),
        )
        .order_by(Payment.received_on, Payment.id)
        .limit(_CHUNK)
    )
    rows = db.session.execute(statement).unique().all()
    return {
        line.id: [
            candidates.recorded(line, payment, _named_of(payment, named.get(line.id, [])))
            for payment, account_code in rows
            if payment.amount_satang == line.deposit_satang
            and account_code == line.statement.bank_account.account_code
            and abs(payment.received_on - line.booked_on) <= around
        ]
        for line in lines
    }


def _named_of(payment: Payment, named: Sequence[Instalment]) -> Instalment | None:
    return next((one for one in named if one.pledge_id == payment.pledge_id), None)


def _history(lines: Sequence[StatementLine]) -> dict[int, list[Candidate]]:
    """The next instalments of those whose money came with the very same text before.

    A text that stood on the money of several donors (a branch, a machine) says nothing.
    """
    details = {line.detail for line in lines if len(line.detail) >= _SHORTEST_DETAIL}
    payers = _payers(sorted(details))
    found = {}
    for line in lines:
        if line.detail in payers:
            donor_id, given_on = payers[line.detail]
            following = _next_of([donor_id])
            found[line.id] = [candidates.by_history(line, one, given_on) for one in following]
    return found


def _payers(details: Sequence[str]) -> dict[str, tuple[int, date]]:
    """The one donor behind each text, and the last day on which the money came."""
    statement = (
        select(StatementLine.detail, func.min(Payment.donor_id), func.max(Payment.received_on))
        .join(Match, Match.line_id == StatementLine.id)
        .join(Payment, Payment.id == Match.payment_id)
        .where(
            StatementLine.detail.in_(details),
            Match.undone_at.is_(None),
            Payment.status == PaymentStatus.RECEIVED,
        )
        .group_by(StatementLine.detail)
        .having(func.count(Payment.donor_id.distinct()) == 1)
    )
    return {detail: (donor, day) for detail, donor, day in db.session.execute(statement)}


def _next_of(donor_ids: Iterable[int]) -> list[Instalment]:
    """The oldest open instalment of each active pledge of the donors."""
    pledges = (pledge for donor_id in donor_ids for pledge in list_donor_pledges(donor_id, 20))
    active = (pledge for pledge in pledges if pledge.status is PledgeStatus.ACTIVE)
    return [one for one in (next_open(pledge.instalments) for pledge in active) if one]


def _payout_candidates(line: StatementLine) -> list[Candidate]:
    account_code = line.statement.bank_account.account_code
    vouchers = vouchers_in(text_of(line))
    taken = _taken_payouts(line.withdrawal_satang)
    payouts = list_unmatched_payouts(
        line.withdrawal_satang, line.booked_on, account_code=account_code, taken=taken
    )
    by_voucher = select(Payout).where(
        Payout.voucher.in_(vouchers),
        Payout.amount_satang == line.withdrawal_satang,
        Payout.paid_from_account_code == account_code,
        Payout.id.not_in(taken),
    )
    if vouchers:
        payouts += [one for one in db.session.scalars(by_voucher) if one not in payouts]
    return [candidates.paid_out(line, one, vouchers) for one in payouts]


def _taken_payouts(amount_satang: int) -> list[int]:
    """Payouts of this amount that lines are matched to."""
    statement = (
        select(Payout.id)
        .join(Match, Match.payout_id == Payout.id)
        .where(Payout.amount_satang == amount_satang, Match.undone_at.is_(None))
    )
    return list(db.session.scalars(statement))
