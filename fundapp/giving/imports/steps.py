"""Steps of a plan on one row or two."""

from collections.abc import Mapping

from fundapp.giving import schedule
from fundapp.giving.drafts import OlderGift, OlderPledge
from fundapp.giving.errors import BelowMinimumError, FundClosedToGiftsError, FundPausedError
from fundapp.giving.imports.rows import DonorFacts, ImportRow
from fundapp.giving.models import DonorKind, Frequency
from fundapp.ledger.models import Fund, FundStatus
from fundapp.money import format_baht


def merged_facts(facts: DonorFacts, other: DonorFacts) -> DonorFacts:
    """What two rows say of one donor; the first one counts."""
    return DonorFacts(
        name=facts.name,
        kind=facts.kind or other.kind,
        number=facts.number,
        email=facts.email or other.email,
        phone=facts.phone or other.phone,
        tags=tuple(dict.fromkeys(facts.tags + other.tags)),
        address=facts.address or other.address,
        tax_id=facts.tax_id or other.tax_id,
    )


def older_pledge(row: ImportRow, kind: DonorKind | None) -> OlderPledge:
    """The past gift of a row, as the import of older gifts takes it."""
    gift = row.gift
    if gift is None:
        raise AssertionError("only rows with a gift are asked for it")
    return OlderPledge(
        fund_code=gift.fund_code,
        frequency=Frequency.ONCE,
        starts_on=gift.received_on,
        method=gift.method,
        gifts=(OlderGift(gift.number, gift.amount_satang, gift.received_on),),
        donor_name=row.donor.name,
        donor_kind=kind or DonorKind.INDIVIDUAL,
        is_anonymous=gift.is_anonymous,
    )


def check_pledge(row: ImportRow, funds: Mapping[str, Fund]) -> None:
    """What making the pledge would refuse, said before anything is written."""
    pledge = row.pledge
    if pledge is None:
        return
    fund = funds[pledge.fund_code]
    if not fund.accepts_gifts:
        raise FundClosedToGiftsError
    if fund.status is not FundStatus.OPEN:
        raise FundPausedError
    if pledge.amount_satang < fund.minimum_satang:
        raise BelowMinimumError(params={"minimum": format_baht(fund.minimum_satang)})
    if pledge.count is not None:
        schedule.amounts(pledge.amount_satang, pledge.count)
