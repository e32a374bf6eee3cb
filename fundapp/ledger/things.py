"""What the trail calls funds, months and entries of the books."""

from collections.abc import Collection, Mapping
from datetime import date

from fundapp.access.actors import Actor
from fundapp.ledger.queries import list_funds
from fundapp.markers import N_
from fundapp.trail.registry import Thing, ThingKind
from fundapp.web.filters import month
from fundapp.web.locale import localized


class FundThing(ThingKind):
    """A fund, by its code."""

    name = "fund"
    label = N_("Fund")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names."""
        return {
            fund.code: Thing(f"{localized(fund)} ({fund.code})")
            for fund in list_funds()
            if fund.code in refs
        }

    def search(self, text: str) -> Collection[str]:
        """By code or name in any language."""
        wanted = text.lower()
        found = [
            fund.code
            for fund in list_funds()
            if wanted in f"{fund.name_th} {fund.name_en} {fund.name_ms}".lower()
        ]
        return {*found, text.upper()}


class PeriodThing(ThingKind):
    """A month of the books, by its first day."""

    name = "period"
    label = N_("Month")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The month and its year."""
        return {ref: Thing(month(date.fromisoformat(ref))) for ref in refs}


class EntryThing(ThingKind):
    """An entry, by its number."""

    name = "journal_entry"
    label = N_("Journal entry")
    endpoint = "audit.entry"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref, ref) for ref in refs}


THINGS = (FundThing(), PeriodThing(), EntryThing())
