"""What a line can do with the money that waits in the books (pure)."""

from fundapp.labels import LabelledEnum
from fundapp.ledger.models import Fund, Restriction
from fundapp.markers import N_


class Waiting(LabelledEnum):
    """What a line does with the money that waits."""

    NOT_IDENTIFIED = "not_identified", N_("Nobody knows whose it is: let it wait in the books")
    GIVEN_BACK = "given_back", N_("It is given back to whoever sent it")
    INTEREST_MOVED = "interest_moved", N_("Interest is moved out of the account of zakat")


def possible_waiting(fund: Fund, satang: int) -> list[Waiting]:
    """What a line of this signed amount can be on an account of which ``fund`` is the first."""
    is_zakat = fund.restriction is Restriction.ZAKAT
    if satang > 0:
        moved = [] if is_zakat else [Waiting.INTEREST_MOVED]
        return [Waiting.NOT_IDENTIFIED, *moved]
    return [Waiting.GIVEN_BACK, *([Waiting.INTEREST_MOVED] if is_zakat else [])]
