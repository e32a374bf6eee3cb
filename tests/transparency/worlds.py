"""Help as it might be recorded over twelve months, and everything that is published of it."""

import random
from dataclasses import dataclass
from datetime import date

from fundapp.transparency.rises import (
    NO_DISTRICT,
    Figure,
    HelpLine,
    next_counts,
    next_help,
)

MONTHS = [date(2026, month, 1) for month in range(1, 13)]
DISTRICTS = [f"95{number:02d}" for number in range(1, 9)]
FUNDS = ["EDU", "GEN", "ZAKAT"]


@dataclass
class Published:
    """The figures of a month: help by fund and district, and children by district."""

    month: date
    help_paid: dict
    children: dict


def publish(lines, months=MONTHS, funds=FUNDS, districts=DISTRICTS):
    """What is published of these lines, month after month."""
    help_paid = {(fund, code): Figure() for fund in funds for code in (*districts, NO_DISTRICT)}
    children = {code: Figure() for code in districts}
    published = []
    for month in months:
        known = [line for line in lines if line.month <= month]
        help_paid = next_help(help_paid, known, month, districts)
        children = next_counts(children, known, month)
        published.append(Published(month, help_paid, children))
    return published


def world(seed, most=14, districts=DISTRICTS, funds=FUNDS):
    """Lines of a year: in each month some children of each district, many of them anew.

    One district has little help, one fund is for one district alone, and one child gets a lot.
    """
    chance = random.Random(f"world {seed}")  # noqa: S311 - invented help, no secret
    lines = []
    for month in MONTHS:
        for index, district in enumerate(districts):
            for _ in range(chance.randrange(1 + (2 if index == 1 else most))):
                fund = chance.choice(funds[:-1])
                if index == 0 and chance.random() < 0.5:
                    fund = funds[-1]
                child = 1000 * index + chance.randrange(60)
                satang = chance.choice([100_000, 150_000, 300_000])
                lines.append(HelpLine(fund, district, child, satang, month))
    lines.append(HelpLine(funds[0], districts[2], 2999, 9_000_000, chance.choice(MONTHS)))
    return lines
