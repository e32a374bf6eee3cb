"""What stands out among funds (pure)."""

from collections.abc import Iterator, Sequence

from fundapp.audit.exceptions.rules.base import ExceptionRule, Found, SeenFund, Source
from fundapp.markers import N_

#: Days without help after which a fund that has money lies still.
DORMANT_DAYS = 180


def _dormant(funds: Sequence[SeenFund], _limit: int) -> Iterator[Found]:
    for fund in funds:
        last = fund.spent_on
        if fund.satang > 0 and (last is None or (fund.until - last).days > DORMANT_DAYS):
            entries = () if fund.entry_id is None else (fund.entry_id,)
            key = f"{fund.code}:{last or 'never'}"
            yield Found(key, entries, fund.satang, last or fund.until, codes=(fund.code,))


RULES = (
    ExceptionRule(
        "dormant",
        N_("Funds that lie still"),
        N_(
            "A fund has money to spend, and approved no help for more than 180 days before the "
            "last day: its purpose may be forgotten. Some funds are meant to wait."
        ),
        _dormant,
        Source.FUNDS,
    ),
)
