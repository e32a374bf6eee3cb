"""Steps of making a pledge to several funds, and of sharing its payments out to them."""

from collections.abc import Sequence

from sqlalchemy import func, select

from fundapp.db import connection_of_work, db
from fundapp.db.prepared import Run, insert_of
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.errors import (
    BelowMinimumError,
    FundClosedToGiftsError,
    NoSharedAccountError,
    SplitError,
    ZakatApartError,
)
from fundapp.giving.models import (
    MOST_SHARES,
    Designation,
    Method,
    Payment,
    PaymentStatus,
    Pledge,
    PledgeShare,
    ShareUnit,
)
from fundapp.giving.policy import shared_accounts
from fundapp.giving.shares import ShareTerms, share_out
from fundapp.ledger.models import Fund, FundStatus, Restriction, TaxWording
from fundapp.markers import N_
from fundapp.money import format_baht, split_by_weights

_INSERT = insert_of(PledgeShare)


def check_shares(terms: PledgeTerms) -> None:
    """The shares are of several funds, the first of the pledge's, and add up; SplitError."""
    shares = terms.shares
    if not shares:
        return
    codes = {each.fund_code for each in shares}
    if not 2 <= len(shares) <= MOST_SHARES or len(codes) < len(shares):
        raise SplitError(
            N_("Divide the gift over two to %(most)s different funds."),
            field="shares",
            params={"most": MOST_SHARES},
        )
    if shares[0].fund_code != terms.fund_code or any(each.share <= 0 for each in shares):
        raise SplitError(field="shares")
    total = sum(each.share for each in shares)
    if total == terms.whole:
        return
    values = {"total": format_baht(total), "whole": format_baht(terms.whole)}
    if terms.share_unit is ShareUnit.PERCENT:
        raise SplitError(
            N_("The parts come to %(total)s percent. Let them come to 100 percent."),
            field="shares",
            params=values,
        )
    raise SplitError(
        N_("The parts come to %(total)s baht, and the gift is %(whole)s baht. Let them agree."),
        field="shares",
        params=values,
    )


def require_shared_funds(terms: PledgeTerms) -> None:
    """All funds take gifts, no less than they ask for, and one account holds the money of all.

    They stay as they are until the pledge is written. A receipt is deductible or not, so funds of
    both kinds are not divided between. Raises FundClosedToGiftsError, BelowMinimumError,
    ZakatApartError, NoSharedAccountError and SplitError.
    """
    codes = [each.fund_code for each in terms.shares]
    statement = select(Fund).where(Fund.code.in_(codes)).order_by(Fund.code)
    rows = db.session.scalars(statement.with_for_update(read=True, key_share=True, of=Fund))
    by_code = {fund.code: fund for fund in rows}
    parts = split_by_weights(terms.amount_satang, [each.share for each in terms.shares])
    for code, satang in zip(codes, parts, strict=True):
        fund = by_code.get(code)
        if fund is None or not (fund.accepts_gifts and fund.is_open):
            raise FundClosedToGiftsError(field="shares")
        if satang < max(1, fund.minimum_satang):
            least = format_baht(max(1, fund.minimum_satang))
            raise BelowMinimumError(field="shares", params={"minimum": least})
    _require_one_account([by_code[code] for code in codes], terms.method)


def _require_one_account(funds: Sequence[Fund], method: Method) -> None:
    if len({fund.restriction is Restriction.ZAKAT for fund in funds}) > 1:
        raise ZakatApartError(field="shares")
    if method is Method.CARD:
        raise SplitError(
            N_("A gift by card goes to one fund. Choose another way to pay, or one gift for each."),
            field="shares",
        )
    ways = {Method.TRANSFER, Method.CASH} if method is Method.CASH else {Method.TRANSFER}
    if not all(shared_accounts(funds, way) for way in ways):
        raise NoSharedAccountError(field="shares")
    wordings = [
        db.session.get_one(TaxWording, (fund.code, fund.tax_wording_number)) for fund in funds
    ]
    if len({wording.is_deductible for wording in wordings}) > 1:
        raise SplitError(
            N_(
                "Gifts to some of these funds are deductible from tax and others are not, and a "
                "receipt says one or the other. Make one gift to each fund."
            ),
            field="shares",
        )


def share_runs(pledge_id: int, terms: PledgeTerms) -> list[Run]:
    """The statements that write the shares of a new pledge."""
    return [
        _INSERT.run(
            pledge_id=pledge_id,
            number=number,
            fund_code=each.fund_code,
            share=each.share,
            whole=terms.whole,
            unit=terms.share_unit,
        )
        for number, each in enumerate(terms.shares, start=1)
    ]


def are_open(pledge: Pledge) -> bool:
    """Whether none of its funds is frozen or closed; they stay so until the pledge is written."""
    codes = sorted(fund.code for fund in pledge.funds)
    open_ones = select(Fund.code).where(Fund.code.in_(codes), Fund.status == FundStatus.OPEN)
    held = open_ones.order_by(Fund.code).with_for_update(read=True, key_share=True)
    return len(connection_of_work().scalars(held).all()) == len(codes)


class Sharer:
    """Shares out the payments of some pledges, one after another; the caller holds their locks."""

    def __init__(self) -> None:
        self._given: dict[int, list[int]] = {}

    def designate(self, satang: int, pledge: Pledge) -> list[Designation]:
        """The parts of the next payment of ``pledge``, for the funds that get something of it."""
        if pledge.id not in self._given:
            self._given[pledge.id] = _given_of(pledge)
        given = self._given[pledge.id]
        parts = share_out(satang, pledge.fund_satang, given)
        self._given[pledge.id] = [has + part for has, part in zip(given, parts, strict=True)]
        return [
            Designation(fund=fund, amount_satang=part)
            for fund, part in zip(pledge.funds, parts, strict=True)
            if part
        ]


def parts_kept(payment: Payment, satang: int) -> tuple[ShareTerms, ...]:
    """What each fund keeps of a payment of which ``satang`` are kept: none more than it had, so
    that what is given back of each is not below nothing.
    """
    rows = sorted(payment.designations, key=lambda part: part.fund_code)
    kept = split_by_weights(satang, [part.amount_satang for part in rows])
    return tuple(
        ShareTerms(part.fund_code, own) for part, own in zip(rows, kept, strict=True) if own
    )


def parts_given_back(payment: Payment, kept: Payment | None) -> tuple[ShareTerms, ...]:
    """What each fund gave back of a payment of which ``kept`` was recorded anew."""
    left = {part.fund_code: part.amount_satang for part in payment.designations}
    for part in kept.designations if kept else ():
        left[part.fund_code] -= part.amount_satang
    return tuple(ShareTerms(code, satang) for code, satang in sorted(left.items()) if satang)


def designations_of(satang: int, parts: Sequence[ShareTerms], pledge: Pledge) -> list[Designation]:
    """Those parts of a payment, which are of the pledge's funds and add up to it; SplitError."""
    funds = {fund.code: fund for fund in pledge.funds}
    is_whole = sum(part.share for part in parts) == satang
    if not is_whole or any(part.fund_code not in funds or part.share <= 0 for part in parts):
        raise SplitError
    return [Designation(fund=funds[part.fund_code], amount_satang=part.share) for part in parts]


def _given_of(pledge: Pledge) -> list[int]:
    """What each of its funds has got of the payments of a pledge that count."""
    statement = (
        select(Designation.fund_code, func.sum(Designation.amount_satang))
        .join(Payment, Payment.id == Designation.payment_id)
        .where(Payment.pledge_id == pledge.id, Payment.status == PaymentStatus.RECEIVED)
        .group_by(Designation.fund_code)
    )
    given = {code: int(satang) for code, satang in db.session.execute(statement)}
    return [given.get(fund.code, 0) for fund in pledge.funds]
