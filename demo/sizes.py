"""How large a demo is (pure)."""

from dataclasses import dataclass, replace


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
#: bank grow too. Most of their gifts and entries are imported as older books, which takes a
#: twentieth of the time of an event. The fund of Yala has helped 4,400 young children and 2,800
#: out of school: a province has as many files and requests.
SIZES = {
    "small": Size(),
    "province": Size(
        donors=640,
        pledges=1_150,
        payments=6_000,
        children=4_400,
        requests=2_800,
        older_payments=94_000,
    ),
    "nation": Size(
        donors=1_200,
        pledges=2_100,
        payments=11_000,
        children=6_000,
        requests=3_400,
        older_payments=89_000,
        older_entries=900_000,
    ),
}
#: As many children, requests and lines as the largest, and some ten thousand entries: beside it
#: shows what a page costs because of older books alone.
WITHOUT_OLDER_BOOKS = "nation-without-older-books"
SIZES[WITHOUT_OLDER_BOOKS] = replace(SIZES["nation"], older_payments=0, older_entries=0)
