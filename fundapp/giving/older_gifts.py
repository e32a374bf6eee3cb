"""What must hold for a batch of older gifts before anything of it is written (pure).

Each error names the row of the batch, counted from 1, and the gift by its number.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date

from fundapp.giving import schedule
from fundapp.giving.drafts import OlderGift, OlderPledge
from fundapp.giving.errors import (
    FundClosedToGiftsError,
    IncomingPaymentError,
    PaymentKnownError,
    ScheduleError,
)
from fundapp.giving.models import Frequency, Method
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.periods import month_start
from fundapp.markers import N_
from fundapp.thai.names import has_letter

#: Fund, method, amount and day of a gift: what must be the same when it is given again.
GiftContent = tuple[str, Method, int, date]


def gift_key(gift: OlderGift) -> str:
    """The key under which a gift is imported once."""
    return f"older:{gift.number}"


def check_numbers(pledges: Sequence[OlderPledge]) -> None:
    """Every gift has a number of its own; IncomingPaymentError, PaymentKnownError."""
    numbers: set[str] = set()
    for row, pledge in enumerate(pledges, start=1):
        for gift in pledge.gifts:
            if not gift.number:
                raise IncomingPaymentError(
                    N_("Row %(row)s: each gift needs the number that it has in the older books."),
                    field="number",
                    params={"row": row},
                )
            if gift.number in numbers:
                raise PaymentKnownError(
                    N_("Row %(row)s, gift %(number)s: this number comes twice."),
                    field="number",
                    params={"row": row, "number": gift.number},
                )
            numbers.add(gift.number)


def new_rows(
    pledges: Sequence[OlderPledge], imported: Mapping[str, GiftContent]
) -> list[tuple[int, OlderPledge]]:
    """The pledges of which nothing was imported before, with their rows.

    PaymentKnownError for one that is not the same as it was when it was imported.
    """
    rows = []
    for row, pledge in enumerate(pledges, start=1):
        if all(gift_key(gift) not in imported for gift in pledge.gifts):
            rows.append((row, pledge))
            continue
        for gift in pledge.gifts:
            content = (pledge.fund_code, pledge.method, gift.amount_satang, gift.received_on)
            if imported.get(gift_key(gift)) != content:
                raise PaymentKnownError(
                    N_("Row %(row)s, gift %(number)s: it was imported before with other details."),
                    field="number",
                    params={"row": row, "number": gift.number},
                )
    return rows


def check_rows(
    rows: Iterable[tuple[int, OlderPledge]],
    *,
    fund_codes: Container[str],
    open_months: Container[date],
    today: date,
) -> None:
    """Funds, numbers of gifts, amounts and days are such as can be written.

    Raises FundClosedToGiftsError, ScheduleError, IncomingPaymentError and PeriodClosedError.
    """
    for row, pledge in rows:
        if pledge.fund_code not in fund_codes:
            raise FundClosedToGiftsError(
                N_("Row %(row)s: there is no fund with the code %(fund)s."),
                field="fund",
                params={"row": row, "fund": pledge.fund_code},
            )
        if pledge.donor_name and not has_letter(pledge.donor_name):
            raise IncomingPaymentError(
                N_("Row %(row)s: write the donor's name in letters, or leave it empty."),
                field="donor_name",
                params={"row": row},
            )
        most = 1 if pledge.frequency is Frequency.ONCE else schedule.MAXIMUM_INSTALMENTS
        if not 1 <= len(pledge.gifts) <= most:
            raise ScheduleError(
                N_("Row %(row)s: a single gift must have one payment, a pledge 1 to %(most)s."),
                field="gifts",
                params={"row": row, "most": schedule.MAXIMUM_INSTALMENTS},
            )
        for gift in pledge.gifts:
            _check_gift(gift, row, open_months, today)


def _check_gift(gift: OlderGift, row: int, open_months: Container[date], today: date) -> None:
    where = {"row": row, "number": gift.number}
    if gift.amount_satang <= 0:
        raise IncomingPaymentError(
            N_("Row %(row)s, gift %(number)s: the amount must be more than zero."),
            field="amount",
            params=where,
        )
    if gift.received_on > today:
        raise IncomingPaymentError(
            N_("Row %(row)s, gift %(number)s: the day %(day)s is still to come."),
            field="received_on",
            params={**where, "day": gift.received_on.isoformat()},
        )
    if month_start(gift.received_on) not in open_months:
        raise PeriodClosedError(
            N_("Row %(row)s, gift %(number)s: the books are closed for the day %(day)s."),
            field="received_on",
            params={**where, "day": gift.received_on.isoformat()},
        )
