"""How large a demo is (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much is told one by one through the operations, and how much is written in batches."""

    donors: int = 320
    pledges: int = 612
    payments: int = 3200
    children: int = 510
    requests: int = 412
    reversals: int = 4
    #: Further payments, and further entries of the books, that a larger demo writes in batches.
    further_payments: int = 0
    further_entries: int = 0

    def scaled(self, share: float) -> "Size":
        """The same story with fewer people; for tests."""
        return Size(
            donors=max(12, int(self.donors * share)),
            pledges=max(20, int(self.pledges * share)),
            payments=max(60, int(self.payments * share)),
            children=max(24, int(self.children * share)),
            requests=max(24, int(self.requests * share)),
            reversals=1,
            further_payments=int(self.further_payments * share),
            further_entries=int(self.further_entries * share),
        )


SIZES = {
    "small": Size(),
    "province": Size(further_payments=97_000),
    "nation": Size(further_payments=97_000, further_entries=900_000),
}
