"""Partner agencies: whom the fund works with, who of them signs in, and the children referred."""
