"""What the trail calls funds, months and entries of the books, and witnesses of its log."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import ClassVar

from flask_babel import gettext

from fundapp.access.actors import Actor
from fundapp.ledger.kinds import account_labels
from fundapp.ledger.models import FundStatus, ReopenReason
from fundapp.ledger.queries import list_funds
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.trail.models import AuditEvent
from fundapp.trail.registry import Change, Thing, ThingKind
from fundapp.web.filters import label, month
from fundapp.web.locale import localized

#: The first day of a month, which is what the trail has of one.
_DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-01")


class NamesAccounts(ThingKind):
    """A thing whose ``account_fields`` are codes of the chart, shown with their names."""

    account_fields: ClassVar[frozenset[str]] = frozenset()

    def changes(self, events: Sequence[AuditEvent]) -> Mapping[int, list[Change]]:
        """What these events changed; the chart is read once, and only if an account was."""
        if all(self.account_fields.isdisjoint(event.changes) for event in events):
            return super().changes(events)
        labels = account_labels()
        return {
            event.id: [
                (
                    self._field(name),
                    self._shown(name, before, labels),
                    self._shown(name, after, labels),
                )
                for name, (before, after) in event.changes.items()
            ]
            for event in events
        }

    def _shown(self, name: str, text: str, labels: Mapping[str, str]) -> str:
        if name not in self.account_fields:
            return self.value(name, text)
        return ", ".join(labels.get(code, code) for code in text.split(", "))


class FundThing(NamesAccounts):
    """A fund, by its code."""

    name = "fund"
    account_fields = frozenset({"cash", "bank", "income"})
    label = N_("Fund")
    fields = {
        "name_th": N_("Name in Thai"),
        "name_en": N_("Name in English"),
        "name_ms": N_("Name in Malay"),
        "purpose_th": N_("Purpose in Thai"),
        "purpose_en": N_("Purpose in English"),
        "purpose_ms": N_("Purpose in Malay"),
        "text_th": N_("Tax wording on receipts, in Thai"),
        "text_en": N_("Tax wording on receipts, in English"),
        "text_ms": N_("Tax wording on receipts, in Malay"),
        "is_deductible": N_("Deductible from tax, entered in e-Donation"),
        "accepts_gifts": N_("Takes gifts"),
        "minimum_satang": N_("Least gift (baht)"),
        "goal_satang": N_("Goal (baht)"),
        "position": N_("Place in lists"),
        "cash": N_("Cash boxes"),
        "bank": N_("Bank accounts"),
        "income": N_("Income account"),
        "let_go_limit": N_("How much of a pledge a fund lets go"),
        "status": N_("State"),
    }

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names."""
        return {
            fund.code: Thing(f"{localized(fund)} ({fund.code})")
            for fund in list_funds()
            if fund.code in refs
        }

    def value(self, name: str, text: str) -> str:
        """States by their labels, yes and no in words, and amounts in baht."""
        if name == "status" and text:
            return label(FundStatus(text))
        if name in ("accepts_gifts", "is_deductible") and text:
            return gettext("yes") if text == str(True) else gettext("no")
        if name.endswith("_satang") and text:
            return format_baht(int(text))
        return text

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
    endpoint = "audit.period"
    argument = "starts_on"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """The month and its year."""
        return {
            ref: Thing(month(date.fromisoformat(ref)), ref) for ref in refs if _DAY.fullmatch(ref)
        }

    def note(self, event: AuditEvent) -> str:
        """Why a closed month was opened again."""
        reasons = {str(reason): reason for reason in ReopenReason}
        return label(reasons[event.note]) if event.note in reasons else event.note


class EntryThing(ThingKind):
    """An entry, by its number."""

    name = "journal_entry"
    label = N_("Journal entry")
    endpoint = "audit.entry"
    argument = "number"

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their numbers."""
        return {ref: Thing(ref, ref) for ref in refs}


class WitnessThing(ThingKind):
    """A witness of the sealed log, by the name of its key."""

    name = "witness"
    label = N_("Witness of the sealed log")

    def find(self, refs: Collection[str], viewer: Actor) -> Mapping[str, Thing]:
        """Their names."""
        return {ref: Thing(ref) for ref in refs}


THINGS = (FundThing(), PeriodThing(), EntryThing(), WitnessThing())
