"""A card processor that speaks Stripe's interface, for tests and the demo: strict, without money.

`world` holds what happened, `parameters` refuses what Stripe would refuse, `deliveries` sends what
it tells, late, doubled, out of order or not at all, and `server` is the part that listens.
"""

from tests.fakes.stripe.server import FakeStripe

__all__ = ["FakeStripe"]
