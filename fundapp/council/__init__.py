"""What the council sees: coverage, waiting and shares, with small counts withheld."""
