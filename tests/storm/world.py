"""What happened at the processor: payments, refunds, disputes; and what the books must say."""

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.fakes.stripe import FakeStripe

INSTALMENTS = 10
#: Of so many events one payment tells; what is left of the distinct events tells of what follows.
_EVENTS = 3
FUNDS = ("GENERAL", "SCHOLARSHIP")


@dataclass
class Story:
    """What happened, in the order of the processor: ``first`` is told before ``then`` happens."""

    fake: FakeStripe
    sessions: list[str]
    distinct: int
    intents: list[str] = field(default_factory=list)

    def pay(self) -> list[dict]:
        """Every session is paid; the events of it."""
        for number, session in enumerate(self.sessions):
            self.fake.command(
                "pay", {"id": session, "method": "promptpay" if number % 4 else "card"}
            )
            self.intents.append(self.fake.world.objects[session]["payment_intent"])
        return self._taken()

    def go_on(self, told: int) -> list[dict]:
        """Refunds in part and in full, some that fail, and disputes, until there are as many events
        as asked for; the events of it.
        """
        choose = random.Random(7)  # noqa: S311 - the same story every time
        by_card = self.intents[::4]
        others = [each for number, each in enumerate(self.intents) if number % 4]
        choose.shuffle(by_card)
        choose.shuffle(others)
        world = self.fake.world
        while len(self.fake.deliveries.waiting) + told < self.distinct:
            number = len(by_card)
            if number % 3 == 0:
                dispute = world.dispute(by_card.pop())
                world.close_dispute(dispute["id"], is_won=number % 2 == 0)
            elif number % 3 == 1:
                world.refund({"payment_intent": by_card.pop(), "amount": choose.randint(100, 900)})
            else:
                world.refund({"payment_intent": by_card.pop()})
                refund = world.refund({"payment_intent": others.pop(), "amount": 500})
                world.finish_refund(refund["id"], is_paid=True)
                if number % 2:
                    world.finish_refund(refund["id"], is_paid=False)
        return _without(self._taken(), told, self.distinct)

    def _taken(self) -> list[dict]:
        waiting = self.fake.deliveries.waiting
        events = list(waiting)
        waiting.clear()
        return events


def _without(events: list[dict], told: int, distinct: int) -> list[dict]:
    """The events less so many that there are ``distinct`` in all; of each payment one is left."""
    left = Counter(each["data"]["object"]["payment_intent"] for each in events)
    too_many, kept = len(events) + told - distinct, []
    for each in events:
        intent = each["data"]["object"]["payment_intent"]
        if too_many and left[intent] > 1:
            too_many, left[intent] = too_many - 1, left[intent] - 1
        else:
            kept.append(each)
    return kept


@dataclass(frozen=True)
class Sums:
    """Satang by fund, by donor, and fees by fund."""

    gifts: Counter
    donors: Counter
    fees: Counter
    held: Counter

    def differences(self, other: "Sums") -> list[str]:
        """Where two differ."""
        return [
            f"{name} {key}: {mine[key]} instead of {theirs[key]}"
            for name in ("gifts", "donors", "fees", "held")
            for mine, theirs in [(getattr(self, name), getattr(other, name))]
            for key in sorted(set(mine) | set(theirs))
            if mine[key] != theirs[key]
        ]


def sums_of(fake: FakeStripe, checkouts: dict[str, tuple[str, str]]) -> Sums:
    """What the books must say: of each checkout its fund and donor are known."""
    gifts, donors, fees, held = Counter(), Counter(), Counter(), Counter()
    world = fake.world
    intent_of = {}
    for kind in ("charge", "refund", "dispute"):
        intent_of |= {each["id"]: each["payment_intent"] for each in world.all(kind)}
    for moved in world.all("balance_transaction"):
        intent = world.objects[intent_of[moved["source"]]]
        fund, donor = checkouts[intent["metadata"]["checkout"]]
        gifts[fund] += moved["amount"]
        donors[donor] += moved["amount"]
        fees[fund] += moved["fee"]
        held[fund] += moved["net"]
    return Sums(gifts, donors, fees, held)
