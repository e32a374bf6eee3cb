"""How large a demo is (pure)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """How much is carried out event by event, and how much is imported in batches."""

    donors: int = 320
    pledges: int = 612
    payments: int = 3200
    children: int = 510
    requests: int = 412
    reversals: int = 4
    #: Payments, and entries without donors, that a larger demo imports from older books.
    older_payments: int = 0
    older_entries: int = 0

    def scaled(self, share: float) -> "Size":
        """A smaller size with the same parts; for tests."""
        return Size(
            donors=max(12, int(self.donors * share)),
            pledges=max(20, int(self.pledges * share)),
            payments=max(60, int(self.payments * share)),
            children=max(24, int(self.children * share)),
            requests=max(24, int(self.requests * share)),
            reversals=1,
            older_payments=int(self.older_payments * share),
            older_entries=int(self.older_entries * share),
        )


#: The larger ones have more of everything, not of gifts alone: files, requests and lines of the
#: bank grow too, and the rest of the gifts is imported.
SIZES = {
    "small": Size(),
    "province": Size(
        donors=1_600,
        pledges=3_000,
        payments=18_000,
        children=4_400,
        requests=2_800,
        older_payments=82_000,
    ),
    "nation": Size(
        donors=3_000,
        pledges=5_000,
        payments=20_000,
        children=8_000,
        requests=4_000,
        older_payments=80_000,
        older_entries=900_000,
    ),
}
