"""What lines may belong to: read for a page of lines at a time, with few queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, text, true
from sqlalchemy.orm import joinedload

from fundapp.banking.encryption import lookup_detail
from fundapp.banking.matching.candidates import (
    NEAR_DAYS,
    WIDE_DAYS,
    Candidate,
    instalment_by_amount,
    instalment_by_history,
    instalment_by_reference,
    instalment_by_search,
    payout_of_amount,
    ranked,
    share_out,
)
from fundapp.banking.matching.policy import charge_of, names_payer, text_of, vouchers_in
from fundapp.banking.matching.queries.payments import (
    NamedInstalments,
    known_payments,
    recorded_payments,
)
from fundapp.banking.matching.queries.returns import list_return_entries
from fundapp.banking.matching.queries.slips import slip_candidates
from fundapp.banking.matching.queries.transfers import list_transfer_entries
from fundapp.banking.matching.workflow import OPEN_STATUSES
from fundapp.banking.models import IS_OPEN, Match, StatementLine
from fundapp.banking.reader import words_of
from fundapp.db import db, is_postgresql
from fundapp.disbursements.models import Payout
from fundapp.disbursements.queries import DAYS_AROUND, list_unmatched_payouts
from fundapp.giving.models import Donor, Instalment, Payment, PaymentStatus
from fundapp.giving.queries import (
    DueInstalment,
    find_instalment,
    is_known,
    list_donors,
    list_matching_instalments,
    list_next_instalments,
    list_offered_instalments,
)
from fundapp.giving.references import find_references, is_reference, normalise_reference
from fundapp.money import MoneyError, parse_baht

#: A shorter text is too common to recognise a payer by.
_SHORTEST_DETAIL = 6
#: How many values or rows one query asks for.
_CHUNK = 400
#: How many other lines of the same amount are looked at, to share out what is offered.
_MOST_RIVALS = 200


def list_candidates(lines: Sequence[StatementLine], limit: int = 8) -> dict[int, list[Candidate]]:
    """What each open line may belong to, likeliest first, by the id of the line."""
    open_lines = [line for line in lines if line.status in OPEN_STATUSES]
    deposits = [line for line in open_lines if line.deposit_satang and charge_of(line) is None]
    rivals = _rivals(deposits)
    by_line = _deposit_candidates(deposits, rivals)
    for line_id, of_slips in slip_candidates([*deposits, *rivals]).items():
        by_line[line_id].extend(of_slips)
    for line in open_lines:
        if line.withdrawal_satang and charge_of(line) is None:
            by_line[line.id] = payout_candidates(line)
    for of_kind in (list_transfer_entries(open_lines), list_return_entries(open_lines)):
        for line_id, entries in of_kind.items():
            by_line.setdefault(line_id, []).extend(entries)
    merged = {line_id: ranked(several, len(several)) for line_id, several in by_line.items()}
    in_order = sorted({*open_lines, *rivals}, key=lambda line: (line.booked_on, line.id))
    shared = share_out(in_order, merged)
    return {line.id: ranked(shared[line.id], limit) for line in open_lines if line.id in by_line}


def find_split(line: StatementLine) -> list[Instalment]:
    """The instalments that the text of a deposit names when there are several; else none."""
    if not line.deposit_satang or line.status not in OPEN_STATUSES:
        return []
    named = named_instalments([line]).get(line.id, [])
    return named if len(named) > 1 else []


def search_candidates(line: StatementLine, text: str, limit: int = 20) -> list[Candidate]:
    """Instalments with this reference, of this amount in baht, or of a donor of this name."""
    text = " ".join(text.split())
    if not text or not line.deposit_satang:
        return []
    reference = normalise_reference(text)
    if is_reference(reference):
        instalment = find_instalment(reference)
        return [instalment_by_search(line, instalment)] if instalment else []
    satang = _amount(text)
    if satang is not None:
        money = satang, line.booked_on
        instalments = list_matching_instalments([money], limit)[money]
    else:
        donor_ids = [row.donor.id for row in list_donors(text, limit=limit).rows]
        next_of = list_next_instalments(donor_ids)
        instalments = [row for donor_id in donor_ids for row in next_of[donor_id]][:limit]
    return [instalment_by_search(line, instalment) for instalment in instalments]


def _amount(text: str) -> int | None:
    try:
        return parse_baht(text)
    except MoneyError:
        return None


def _rivals(lines: Sequence[StatementLine]) -> list[StatementLine]:
    """Other open lines of the same amounts, about the same days."""
    if not lines:
        return []
    days, width = [line.booked_on for line in lines], timedelta(days=WIDE_DAYS)
    asked = {
        "amounts": sorted({line.deposit_satang for line in lines}),
        "first": min(days) - width,
        "last": max(days) + width,
        "ids": [line.id for line in lines],
    }
    return list(db.session.scalars(_open_lines_of_amounts(), asked))


@cache
def _open_lines_of_amounts() -> Select[StatementLine]:
    return (
        select(StatementLine)
        .where(
            # In the words of the index of open lines, so that it is used.
            text(f"statement_lines.{IS_OPEN}"),
            StatementLine.deposit_satang.in_(bindparam("amounts", expanding=True)),
            StatementLine.booked_on.between(bindparam("first"), bindparam("last")),
            StatementLine.id.not_in(bindparam("ids", expanding=True)),
        )
        .order_by(StatementLine.booked_on, StatementLine.id)
        .limit(_MOST_RIVALS)
    )


def _deposit_candidates(
    lines: Sequence[StatementLine], rivals: Sequence[StatementLine]
) -> dict[int, list[Candidate]]:
    """Of the lines and their rivals; rivals are not looked up by the text of earlier money."""
    both = [*lines, *rivals]
    named = named_instalments(both)
    recorded, known = recorded_payments(both, named), known_payments(named)
    unnamed = [line for line in both if not named.get(line.id)]
    payers = _payers({words_of(line).detail for line in lines if not named.get(line.id)})
    of_amount, next_of = list_offered_instalments(
        [_money(line) for line in unnamed],
        {donor_id for donor_id, _given_on in payers.values()},
        within=timedelta(days=WIDE_DAYS),
    )
    asked = {line.id for line in lines}
    by_line = {}
    for line in both:
        candidates = [*by_reference(line, named, known), *recorded.get(line.id, [])]
        if not named.get(line.id):
            candidates += _by_history(line, payers, next_of) if line.id in asked else []
            candidates += _by_amount(line, of_amount[_money(line)])
        by_line[line.id] = candidates
    return by_line


def named_instalments(lines: Iterable[StatementLine]) -> NamedInstalments:
    """The instalments whose references are in the text of each line."""
    references = {line.id: find_references(text_of(line)) for line in lines}
    wanted = sorted({reference for several in references.values() for reference in several})
    by_reference: dict[str, Instalment] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = (
            select(Instalment)
            .where(Instalment.reference.in_(wanted[start : start + _CHUNK]))
            .options(joinedload(Instalment.pledge))
        )
        by_reference |= {row.reference: row for row in db.session.scalars(query)}
    return {
        line_id: [by_reference[reference] for reference in several if reference in by_reference]
        for line_id, several in references.items()
    }


def by_reference(
    line: StatementLine, named: NamedInstalments, known: Mapping[int, Sequence[Payment]]
) -> list[Candidate]:
    """The instalments that the text of a line names; ``known`` are payments by pledge."""
    instalments = named.get(line.id, [])
    is_only = len(instalments) == 1 == len(find_references(text_of(line)))
    return [
        instalment_by_reference(
            line,
            instalment,
            is_only_reference=is_only,
            recorded=_recorded_about(line, known.get(instalment.pledge_id, ())),
        )
        for instalment in instalments
    ]


def _recorded_about(line: StatementLine, payments: Sequence[Payment]) -> Payment | None:
    """A payment of the line's amount that was received within a week of its day."""
    same = (
        payment
        for payment in payments
        if payment.amount_satang == line.open_satang
        and abs((payment.received_on - line.booked_on).days) <= NEAR_DAYS
    )
    return next(same, None)


def _money(line: StatementLine) -> tuple[int, date]:
    """The amount that is open, and the day."""
    return line.open_satang, line.booked_on


def _by_amount(line: StatementLine, instalments: Iterable[DueInstalment]) -> list[Candidate]:
    return [instalment_by_amount(line, instalment) for instalment in instalments]


def _by_history(
    line: StatementLine,
    payers: Mapping[str, tuple[int, date]],
    next_of: Mapping[int, Sequence[DueInstalment]],
) -> list[Candidate]:
    """The next instalments of the donor whose earlier money came with the same text.

    A text that came with the money of several donors (of a branch, of a machine) is not used.
    """
    payer = payers.get(words_of(line).detail)
    if payer is None:
        return []
    donor_id, given_on = payer
    return [instalment_by_history(line, instalment, given_on) for instalment in next_of[donor_id]]


def _payers(details: Iterable[str]) -> dict[str, tuple[int, date]]:
    """The only donor whose money came with each text that is long enough, and the last day on which
    it came; never all those whom nobody knows.
    """
    looked_up = {lookup_detail(each): each for each in details if len(each) >= _SHORTEST_DETAIL}
    if not looked_up:
        return {}
    statement = _givers_of_details(on_postgresql=is_postgresql())
    rows = db.session.execute(statement, {"details": list(looked_up)})
    return {looked_up[bytes(found)]: (donor, day) for found, donor, day in rows if found}


@cache
def _givers_of_details(*, on_postgresql: bool) -> Select[Any]:
    """(keyed hash of the text, donor id, last day) of texts that came with one donor's money."""
    lookup, of_line = StatementLine.detail_lookup, Match.line_id == StatementLine.id
    wanted = lookup.in_(bindparam("details", expanding=True))
    money = (
        select(Payment.donor_id, Payment.received_on)
        .join(Match, Match.payment_id == Payment.id)
        .join(Payment.donor)
        .where(is_known(), Match.undone_at.is_(None), Payment.status == PaymentStatus.RECEIVED)
    )
    if on_postgresql:
        # With an offset it is sought for each line: joined, all matches there are would be read.
        each = money.where(of_line).correlate(StatementLine).offset(0).lateral("money")
        found = select(lookup, each.c.donor_id, each.c.received_on).join(each, true())
    else:
        found = money.join(StatementLine, of_line).add_columns(lookup)
    rows = found.where(wanted).subquery().c
    return (
        select(rows.detail_lookup, func.min(rows.donor_id), func.max(rows.received_on))
        .group_by(rows.detail_lookup)
        .having(func.count(rows.donor_id.distinct()) == 1)
    )


def find_payer(line: StatementLine, name: str) -> int | None:
    """The id of the donor of this name whose earlier money came with the text of the line."""
    payer = _payers([words_of(line).detail]).get(words_of(line).detail)
    if payer is None:
        return None
    donor = db.session.get_one(Donor, payer[0])
    return donor.id if names_payer(name, donor.name) else None


def payout_candidates(line: StatementLine) -> list[Candidate]:
    """Payouts of the amount of the line, out of its account, without a line."""
    account_code = line.statement.bank_account.account_code
    vouchers = vouchers_in(text_of(line))
    payouts = list_unmatched_payouts(
        line.withdrawal_satang,
        line.booked_on,
        account_code=account_code,
        taken=_matched_payouts(line),
    )
    by_voucher = select(Payout).where(
        Payout.voucher.in_(vouchers),
        Payout.amount_satang == line.withdrawal_satang,
        Payout.paid_from_account_code == account_code,
        ~_has_line(Payout.id),
    )
    if vouchers:
        payouts += [row for row in db.session.scalars(by_voucher) if row not in payouts]
    return [payout_of_amount(line, payout, vouchers) for payout in payouts]


def _matched_payouts(line: StatementLine) -> list[int]:
    """Ids of payouts of the line's amount, about its day, that lines are matched to."""
    around = timedelta(days=DAYS_AROUND)
    query = select(Payout.id).where(
        Payout.amount_satang == line.withdrawal_satang,
        Payout.paid_on.between(line.booked_on - around, line.booked_on + around),
        _has_line(Payout.id),
    )
    return list(db.session.scalars(query))


def _has_line(payout_id: Any) -> ColumnElement[bool]:
    return exists().where(Match.payout_id == payout_id, Match.undone_at.is_(None))
